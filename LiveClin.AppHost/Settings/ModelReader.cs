using System.Globalization;
using System.Text.Json;
using LiveClin.Core.Text;
using LiveClin.Launcher;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>
/// Reads one model of the settings and checks it against its kind of server. What is wrong goes to <paramref name="failures"/>.
/// </summary>
internal sealed class ModelReader(IConfiguration configuration, List<string> failures, IReadOnlyList<string> folders,
    Func<string, string?> published, bool keysNeeded)
{
    private static readonly string[] Known =
    [
        "Name", "Server", "Path", "ApiId", "Endpoint", "ApiKey", "Tp", "Dp", "Pp", "Nodes", "Router", "Gpus", "Python", "Program", "Host",
        "Port", "ContextLength", "MemoryFraction",
        "TrustRemoteCode", "Multimodal", "LogLevel", "Args", "Environment", "StartTimeout", "StopTimeout", "SilenceTimeout", "Restarts",
        "Sampling", "Price", "Dialect", "TrainingCutoff", "MaxCost", "Batch", "Limits",
    ];

    /// <summary>Reads a model; one with failures is kept, to be shown with them instead of being evaluated.</summary>
    public ModelSettings Read(IConfigurationSection section)
    {
        var read = new SectionReader(section, failures);
        read.RefuseUnknown(Known);
        var path = read.Text("Path", null);
        var apiId = read.Text("ApiId", path?.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault());
        var name = read.Text("Name", apiId);
        var kind = Kind(section, read.Text("Server", null));
        var (interpreter, interpreterProblem) = read.Text("Python", null) is { } python ? Interpreter(python) : (null, null);
        var model = new ModelSettings
        {
            Name = name ?? $"model {section.Key}",
            Server = kind ?? ServerKind.Endpoint,
            ApiId = apiId ?? "",
            Path = path,
            Endpoint = Endpoint(section, kind, read.Text("Endpoint", null)),
            ApiKey = Key(section, read.Text("ApiKey", null)),
            Tp = Size(section, read, "Tp", 1),
            Dp = Size(section, read, "Dp", 1),
            Pp = Size(section, read, "Pp", 1),
            Nodes = Size(section, read, "Nodes", 1),
            Allocation = SlurmAllocation.Find(published),
            Router = read.Flag("Router", false),
            Gpus = read.Number("Gpus") is { } gpus ? Size(section, read, "Gpus", gpus, least: 0) : null,
            Interpreter = interpreter,
            InterpreterProblem = interpreterProblem,
            Program = read.Text("Program", null),
            Host = read.Text("Host", "127.0.0.1", published("SGLANG_HOST"))!,
            Port = read.Number("Port") ?? PublishedPort(),
            ContextLength = read.Number("ContextLength") is { } length ? Size(section, read, "ContextLength", length) : null,
            MemoryFraction = Between(section, "MemoryFraction", read.Real("MemoryFraction"), 0.01, 1),
            TrustRemoteCode = read.Flag("TrustRemoteCode", true),
            Multimodal = read.Flag("Multimodal", true),
            LogLevel = read.Text("LogLevel", "info", published("SGLANG_LOG_LEVEL"))!,
            Args = [.. section.GetSection("Args").GetChildren().Select(a => a.Value ?? "")],
            Environment = section.GetSection("Environment").GetChildren().ToDictionary(e => e.Key, e => e.Value ?? ""),
            StartTimeout = read.Duration("StartTimeout") ?? TimeSpan.FromMinutes(30),
            StopTimeout = read.Duration("StopTimeout") ?? LaunchOptions.DefaultStopTimeout,
            SilenceTimeout = read.Duration("SilenceTimeout") ?? TimeSpan.FromMinutes(15),
            Restarts = Size(section, read, "Restarts", 1, least: 0),
            Dialect = read.Text("Dialect", null),
            Price = Price(section.GetSection("Price")),
            MaxCost = read.Real("MaxCost"),
            Batch = read.Flag("Batch", false),
            TokensPerMinute = Pace(section.GetSection("Limits")),
            Sampling = Sampling(section.GetSection("Sampling")),
        };
        read.Date("TrainingCutoff");
        if (kind is not null) Check(section, model);
        return model with { Problems = failures };
    }

    /// <summary>The one model that the published tools' variables describe.</summary>
    public IEnumerable<ModelSettings> FromPublishedVariables()
    {
        var url = published("API_BASE_URL")!;
        if (published("MODEL_API_ID") is not { } apiId)
            failures.Add("MODEL_API_ID: API_BASE_URL is set, so the model's name on the wire is needed too.");
        else if (!Uri.TryCreate(url, UriKind.Absolute, out var endpoint))
            failures.Add($"API_BASE_URL: '{url}' is not an address such as https://api.example.com/v1.");
        else yield return new ModelSettings
        {
            Name = apiId,
            ApiId = apiId,
            Server = ServerKind.Endpoint,
            Endpoint = endpoint,
            ApiKey = published("YOUR_API_KEY") is null ? null : ApiKeys.PublishedVariable,
        };
    }

    private ServerKind? Kind(IConfigurationSection section, string? text)
    {
        ServerKind? kind = text?.ToLowerInvariant() switch
        {
            "sglang" => ServerKind.SGLang,
            "vllm" => ServerKind.Vllm,
            "llamacpp" => ServerKind.LlamaCpp,
            "endpoint" => ServerKind.Endpoint,
            "baseline" => ServerKind.Baseline,
            _ => null,
        };
        if (kind is null)
            failures.Add($"{section.Path}:Server: {(text is null ? "nothing is given" : $"'{text}' is not a kind of model server")}. There are: sglang, vllm, llamacpp, endpoint, baseline.");
        return kind;
    }

    private Uri? Endpoint(IConfigurationSection section, ServerKind? kind, string? text)
    {
        if (kind is null) return null;
        if (kind != ServerKind.Endpoint)
        {
            if (text is not null) failures.Add($"{section.Path}:Endpoint: only a model with Server 'endpoint' has one.");
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        failures.Add($"{section.Path}:Endpoint: {(text is null ? "nothing is given" : $"'{text}' is not an http(s) address")}; needed is the API's base URL, for example https://api.example.com/v1.");
        return null;
    }

    private string? Key(IConfigurationSection section, string? name)
    {
        if (name is null) return null;
        if (!ApiKeys.IsName(name))
            failures.Add($"{section.Path}:ApiKey: this must be the name of a secret parameter (letters, digits, hyphens), not the key itself.");
        else if (keysNeeded && ApiKeys.Find(configuration, name) is null)
            failures.Add($"{section.Path}:ApiKey: the parameter '{name}' has no value. Set the environment variable Parameters__{name.Replace('-', '_')}, or start without --exit-when-done to be asked for it.");
        return name;
    }

    // The folder of a virtual environment, or of a project that has one in .venv (as uv makes it), or an interpreter: a path, or a name
    // on PATH. One that is missing fails its own model only.
    private (string? Interpreter, string? Problem) Interpreter(string python)
    {
        if (!python.Contains('/', StringComparison.Ordinal) && !Directory.Exists(python)) return (python, null);
        var candidates = folders.Select(f => Path.GetFullPath(python, f)).Distinct().ToList();
        if (candidates.FirstOrDefault(p => Directory.Exists(p) || File.Exists(p)) is not { } found)
            return (python, $"The virtual environment '{python}' does not exist (looked for {string.Join(", ", candidates)}). Create it with: python3 -m venv {candidates[0]}");
        if (File.Exists(found)) return (found, null);
        var places = new[] { found, Path.Combine(found, ".venv") }.Select(InterpreterOf).ToList();
        return places.Find(File.Exists) is { } interpreter
            ? (interpreter, null)
            : (places[0], $"{found} is not a virtual environment: it has neither {Path.GetRelativePath(found, places[0])} nor {Path.GetRelativePath(found, places[1])}. Create one with: python3 -m venv {found} (or, in a uv project, with: uv sync)");
    }

    private static string InterpreterOf(string environment) =>
        OperatingSystem.IsWindows() ? Path.Combine(environment, "Scripts", "python.exe") : Path.Combine(environment, "bin", "python");

    private SamplingSettings Sampling(IConfigurationSection section)
    {
        var read = new SectionReader(section, failures);
        read.RefuseUnknown("Params", "Temperature", "TopP", "MaxTokens", "Seed", "ExtraBody", "ReasoningEffort", "ThinkingBudget");
        var preset = read.Text("Params", "core");
        if (preset is not ("core" or "plain")) failures.Add($"{section.Path}:Params: '{preset}' is neither 'core' nor 'plain'.");
        return new SamplingSettings
        {
            Plain = preset == "plain",
            Temperature = Between(section, "Temperature", read.Real("Temperature"), 0, 2),
            TopP = Between(section, "TopP", read.Real("TopP"), 0.000001, 1),
            MaxTokens = read.Number("MaxTokens") is { } tokens ? Size(section, read, "MaxTokens", tokens) : null,
            Seed = read.Long("Seed"),
            ReasoningEffort = read.Text("ReasoningEffort", null),
            ThinkingBudget = read.Number("ThinkingBudget") is { } budget ? Size(section, read, "ThinkingBudget", budget, least: 0) : null,
            ExtraBody = Body(section, read.Text("ExtraBody", null)),
        };
    }

    private int? Pace(IConfigurationSection section)
    {
        var read = new SectionReader(section, failures);
        read.RefuseUnknown("TokensPerMinute");
        return read.Number("TokensPerMinute") is { } tokens ? Size(section, read, "TokensPerMinute", tokens) : null;
    }

    // All zero is how a settings file says that nothing is charged or known.
    private PriceSettings? Price(IConfigurationSection section)
    {
        var read = new SectionReader(section, failures);
        read.RefuseUnknown("Input", "CachedInput", "Output", "Currency");
        var (input, cached, output) = (Amount("Input"), Amount("CachedInput"), Amount("Output"));
        var currency = read.Text("Currency", "USD")!;
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
            failures.Add($"{section.Path}:Currency: '{currency}' is not three capital letters such as USD.");
        return input > 0 || output > 0 ? new PriceSettings(input ?? 0, cached, output ?? 0, currency) : null;

        double? Amount(string key) => Between(section, key, read.Real(key), 0, double.MaxValue);
    }

    private string? Body(IConfigurationSection section, string? text)
    {
        if (text is null) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return text;
        }
        catch (JsonException)
        {
            // said below
        }

        failures.Add($"{section.Path}:ExtraBody: this must be a JSON object in a string.");
        return null;
    }

    private void Check(IConfigurationSection section, ModelSettings model)
    {
        if (model.ApiId.Length == 0)
            failures.Add($"{section.Path}: a model needs a Name and an ApiId{(model.IsManaged ? " or a Path" : "")}.");
        else if (!NameRule.IsValid(model.ApiId)) failures.Add($"{section.Path}:ApiId: this {NameRule.Words()}");
        else if (!NameRule.IsValid(model.Name)) failures.Add($"{section.Path}:Name: this {NameRule.Words()}");
        else if (model.IsManaged && model.Path is null)
            failures.Add($"{section.Path}:Path: a managed server needs the folder, file or hub name of the weights.");
        if (model.Server == ServerKind.SGLang && model.ApiId.Contains(':', StringComparison.Ordinal))
            failures.Add($"{section.Path}:ApiId: SGLang takes no ':' in a served name.");
        if (model.Router && (model.Server != ServerKind.SGLang || model.Dp < 2))
            failures.Add($"{section.Path}:Router: only a model with Server 'sglang' and a Dp of 2 or more has one.");
        if (model.Nodes > 1) failures.AddRange(FindProblemsOfNodes(model).Select(problem => $"{section.Path}:Nodes: {problem}"));
        if (model.Batch && model.Server != ServerKind.Endpoint)
            failures.Add($"{section.Path}:Batch: only a model with Server 'endpoint' has batches.");
        if (model.MaxCost is <= 0)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{section.Path}:MaxCost: {model.MaxCost} is not above 0."));
        else if (model is { MaxCost: not null, Price: null })
            failures.Add($"{section.Path}:MaxCost: it needs a Price, without which nothing is known of costs.");
        if (model.Port is < 1 or > 65535) failures.Add($"{section.Path}:Port: {model.Port} is not between 1 and 65535.");
        if (model.Server == ServerKind.Baseline && model.ApiId.Length > 0 && !BuiltInModels.Exists(model.ApiId))
            failures.Add($"{section.Path}:ApiId: there is no built-in examinee '{model.ApiId}'. There are: {BuiltInModels.Names}.");
    }

    // What SGLang itself says only when every node has started.
    private static IEnumerable<string> FindProblemsOfNodes(ModelSettings model)
    {
        if (model.Server != ServerKind.SGLang) yield return "only a model with Server 'sglang' can be served by several nodes.";
        if (model.Router) yield return "a model behind a Router is served by one node.";
        if (model.Allocation is not { } allocation)
        {
            yield return $"{model.Nodes} nodes are had from Slurm, by a job: sbatch --nodes={model.Nodes} deploy/slurm/liveclin.sbatch … "
                + "(docs/cluster.md). This program is not in one.";
        }
        else if (allocation.Nodes < model.Nodes)
            yield return $"the job has {allocation.Nodes} of the {model.Nodes} nodes. Start it with sbatch --nodes={model.Nodes}.";
        if (model.Tp * model.Pp % model.Nodes != 0)
            yield return $"Tp × Pp = {model.Tp * model.Pp} cannot be shared evenly by {model.Nodes} nodes.";
        if (model.Dp > 1 && !model.Args.Contains("--enable-dp-attention"))
        {
            yield return "SGLang shares a Dp above 1 among nodes only with \"--enable-dp-attention\" in Args. "
                + "Else use Tp and Pp, or an array of jobs (docs/cluster.md).";
        }
    }

    private int Size(IConfigurationSection section, SectionReader read, string key, int fallback, int least = 1)
    {
        var value = read.Number(key) ?? fallback;
        if (value < least) failures.Add($"{section.Path}:{key}: {value.ToString(CultureInfo.InvariantCulture)} is less than {least}.");
        return value;
    }

    private double? Between(IConfigurationSection section, string key, double? value, double least, double most)
    {
        if (value < least || value > most)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{section.Path}:{key}: {value} is not between {least} and {most}."));
        return value;
    }

    private int? PublishedPort() => int.TryParse(published("SGLANG_PORT"), CultureInfo.InvariantCulture, out var port) ? port : null;
}
