using System.CommandLine;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The options of <c>evaluate</c>. Where one is absent, the published environment variables are honoured.</summary>
internal sealed class EvaluateOptions
{
    private readonly Option<string?> _model = new("--model") { Description = "The model's name on the wire (else MODEL_API_ID).", HelpName = "ID" };
    private readonly Option<string?> _name = new("--name") { Description = "Name under which results are kept; the model's name on the wire unless given.", HelpName = "NAME" };
    private readonly Option<string?> _apiBase = new("--api-base") { Description = "Base URL of the OpenAI-compatible API, usually ending in /v1 (else API_BASE_URL, else SGLANG_HOST and SGLANG_PORT).", HelpName = "URL" };
    private readonly ApiKeyOption _apiKey = new();
    private readonly Option<string> _imageMode = new("--image-mode") { Description = "How images travel: local (data URIs) or url.", DefaultValueFactory = _ => "local", HelpName = "local|url" };
    private readonly Option<string?> _dataset = new("--dataset") { Description = "The release's name, or a path to its JSONL file (else JSONL_PATH, else the demo).", HelpName = "NAME" };
    private readonly Option<string?> _jsonlPath = new("--jsonl-path") { Description = "The release's JSONL file.", HelpName = "FILE" };
    private readonly Option<string?> _imageRoot = new("--image-root") { Description = "Folder of its images (else IMAGE_ROOT_PATH, else beside the JSONL file).", HelpName = "DIR" };
    private readonly Option<string?> _dataDirectory = new("--data-dir") { Description = "Folder in which releases are looked for; data/ here or above unless given.", HelpName = "DIR" };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "Conversations at a time.", DefaultValueFactory = _ => 100, HelpName = "N" };
    private readonly Option<int> _maxRetries = new("--max-retries") { Description = "Further tries of a request that failed.", DefaultValueFactory = _ => 5, HelpName = "N" };
    private readonly Option<string> _params = new("--params") { Description = "Sampling parameters: core (the published table by model family) or plain (temperature 0, 16384 tokens).", DefaultValueFactory = _ => "core", HelpName = "core|plain" };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "Temperature, instead of the table's.", HelpName = "T" };
    private readonly Option<double?> _topP = new("--top-p") { Description = "Nucleus sampling threshold, instead of the table's.", HelpName = "P" };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Longest reply in tokens, instead of the table's.", HelpName = "N" };
    private readonly Option<long?> _seed = new("--seed") { Description = "Seed for servers that honour one.", HelpName = "N" };
    private readonly Option<string?> _extraBody = new("--extra-body") { Description = "Further fields of the request's body, a JSON object.", HelpName = "JSON" };
    private readonly Option<double> _timeout = new("--timeout") { Description = "Longest wait for one reply, in seconds.", DefaultValueFactory = _ => RunRequest.DefaultTimeout.TotalSeconds, HelpName = "S" };
    private readonly Option<string?> _output = new("--output") { Description = "Also write the published v1 results file.", HelpName = "FILE.json" };
    private readonly Option<string?> _exportFolder = new("--export-folder") { Description = "Also write the published core folder: one evaluated JSON file per case; an existing folder gains this model's entries.", HelpName = "DIR" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Continue the newest unfinished run with the same model, parameters and release; begin one when there is none." };
    private readonly Option<int?> _limit = new("--limit") { Description = "Only the first N cases.", HelpName = "N" };
    private readonly Option<bool> _allowMissing = new("--allow-missing-images") { Description = "Leave out missing, unreadable and too large images, as the published tools do; recorded with the run." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "A line per answer." };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _model, _apiBase, _imageMode, _name, _dataset, _dataDirectory, _jsonlPath, _imageRoot, _concurrency, _maxRetries, _params, _temperature,
            _topP, _maxTokens, _seed, _extraBody, _timeout, _output, _exportFolder, _resume, _limit, _allowMissing, _verbose,
        ];
        foreach (var option in all) command.Options.Add(option);
        _apiKey.AddTo(command);
        _imageMode.AcceptOnlyFromAmong("local", "url");
        _params.AcceptOnlyFromAmong("core", "plain");
        AtLeast(_concurrency, 1);
        AtLeast(_maxRetries, 0);
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--limit must be at least 1.");
        });
        _timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 86400)) result.AddError("--timeout must be above 0 and at most 86400 seconds.");
        });
    }

    /// <exception cref="CommandException">Something that is needed is given neither here nor in the environment.</exception>
    public EvaluateSettings Read(ParseResult parsed)
    {
        var apiId = parsed.GetValue(_model) ?? FromEnvironment("MODEL_API_ID")
            ?? throw new CommandException("Which model? Give --model ID (its name on the wire) or set MODEL_API_ID.");
        return new EvaluateSettings(
            new RunRequest
            {
                Model = parsed.GetValue(_name) ?? apiId,
                Endpoint = new ModelEndpoint(ReadBaseUrl(parsed), apiId) { ApiKey = _apiKey.Read(parsed) },
                Sampling = ReadSampling(parsed, apiId),
                Concurrency = parsed.GetValue(_concurrency),
                Retries = RetryPolicy.Published with { MaxRetries = parsed.GetValue(_maxRetries) },
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
                Resume = parsed.GetValue(_resume),
                Release = new ReleaseSelection
                {
                    Source = new ReleaseRequest(parsed.GetValue(_dataset), parsed.GetValue(_dataDirectory), parsed.GetValue(_jsonlPath), parsed.GetValue(_imageRoot)),
                    ImageMode = parsed.GetValue(_imageMode) == "url" ? ImageMode.Url : ImageMode.Local,
                    AllowMissingImages = parsed.GetValue(_allowMissing),
                    Limit = parsed.GetValue(_limit),
                },
            },
            parsed.GetValue(CommonOptions.Store)!, parsed.GetValue(_output), parsed.GetValue(_exportFolder), parsed.GetValue(_verbose));
    }

    private SamplingParameters ReadSampling(ParseResult parsed, string apiId)
    {
        var problems = new List<string>();
        var preset = parsed.GetValue(_params) == "plain" ? SamplingPreset.Plain : SamplingPreset.Core;
        var sampling = new SamplingChoice(preset, new SamplingParameters
        {
            Temperature = parsed.GetValue(_temperature),
            TopP = parsed.GetValue(_topP),
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = parsed.GetValue(_seed),
            ExtraBody = parsed.GetValue(_extraBody),
        }).Resolve(apiId, (field, message) => problems.Add($"{SwitchOf(field)}: {message}"));
        return problems.Count == 0 ? sampling : throw new CommandException(string.Join('\n', problems));
    }

    private string SwitchOf(string field) => field switch
    {
        "temperature" => _temperature.Name,
        "top_p" => _topP.Name,
        "max_tokens" => _maxTokens.Name,
        "extra_body_json" => _extraBody.Name,
        _ => _params.Name,
    };

    private Uri ReadBaseUrl(ParseResult parsed)
    {
        var text = parsed.GetValue(_apiBase) ?? FromEnvironment("API_BASE_URL");
        if (text is null && (FromEnvironment("SGLANG_HOST") ?? FromEnvironment("SGLANG_PORT")) is not null)
            text = $"http://{FromEnvironment("SGLANG_HOST") ?? "127.0.0.1"}:{FromEnvironment("SGLANG_PORT") ?? "30000"}/v1";
        if (text is null) throw new CommandException("Where is the model served? Give --api-base URL (for example http://127.0.0.1:30000/v1) or set API_BASE_URL.");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandException($"--api-base: '{text}' is not an http or https address such as http://127.0.0.1:30000/v1.");
    }

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static void AtLeast(Option<int> option, int least) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < least) result.AddError($"{option.Name} must be at least {least}.");
    });
}
