using System.Collections.Immutable;
using System.CommandLine;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The options of <c>evaluate</c>. Where one is absent, the published environment variables are honoured.</summary>
/// <param name="isAsking">False for a command that needs no address of a model.</param>
internal sealed class EvaluateOptions(bool isAsking = true)
{
    private readonly Option<string?> _model = new("--model")
    {
        Description = "The model's name on the wire (else MODEL_API_ID).",
        HelpName = "ID",
    };
    private readonly Option<string?> _name = new("--name")
    {
        Description = "Name under which results are kept; the model's name on the wire unless given.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _apiBase = new("--api-base")
    {
        Description = "Base URL of the OpenAI-compatible API, usually ending in /v1 (else API_BASE_URL, else SGLANG_HOST and SGLANG_PORT).",
        HelpName = "URL",
    };
    private readonly TargetOptions _target = new();
    private readonly SamplingOptions _sampling = new();
    private readonly ApiKeyOption _apiKey = new();
    private readonly PriceOption _price = new();
    private readonly Option<long?> _pace = new("--tokens-per-minute")
    {
        Description = "Tokens of prompts and replies to ask for at most in a minute; a lower limit that the server tells is kept anyway.",
        HelpName = "N",
    };

    private readonly Option<bool> _batch = new("--batch")
    {
        Description = "Ask through the API's batches (/v1/files, /v1/batches), all first questions, then all second ones: for half the price, within hours or days.",
    };

    private readonly Option<bool> _cancelBatches = new("--cancel-batches")
    {
        Description = "Cancel this run's batches that are under way, keep what they have answered, and stop (with --batch).",
    };
    private readonly Option<string> _imageMode = new("--image-mode")
    {
        Description = "How images travel: local (data URIs) or url.",
        DefaultValueFactory = _ => "local",
        HelpName = "local|url",
    };
    private readonly Option<string?> _dataset = new("--dataset")
    {
        Description = "The release's name, or a path to its JSONL file (else JSONL_PATH, else the demo).",
        HelpName = "NAME",
    };
    private readonly Option<string?> _jsonlPath = new("--jsonl-path") { Description = "The release's JSONL file.", HelpName = "FILE" };
    private readonly Option<string?> _imageRoot = new("--image-root")
    {
        Description = "Folder of its images (else IMAGE_ROOT_PATH, else beside the JSONL file).",
        HelpName = "DIR",
    };
    private readonly Option<string?> _dataDirectory = new("--data-dir")
    {
        Description = "Folder in which releases are looked for; data/ here or above unless given.",
        HelpName = "DIR",
    };
    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "Conversations at a time.",
        DefaultValueFactory = _ => 100,
        HelpName = "N",
    };
    private readonly Option<int> _maxRetries = new("--max-retries")
    {
        Description = "Further tries of a request that failed.",
        DefaultValueFactory = _ => 5,
        HelpName = "N",
    };

    private readonly Option<long?> _maxReply = new("--max-reply-bytes")
    {
        Description = "Longest reply of the server in bytes, after decompression; a longer one fails its question (16 MiB unless given).",
        HelpName = "N",
    };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Longest wait for one reply, in seconds.",
        DefaultValueFactory = _ => RunRequest.DefaultTimeout.TotalSeconds,
        HelpName = "S",
    };
    private readonly Option<string?> _output = new("--output")
    {
        Description = "Also write the published v1 results file.",
        HelpName = "FILE.json",
    };
    private readonly Option<string?> _exportFolder = new("--export-folder")
    {
        Description = "Also write the published core folder: one evaluated JSON file per case; an existing folder gains this model's entries.",
        HelpName = "DIR",
    };
    private readonly Option<bool> _fresh = new("--fresh")
    {
        Description = "Begin another run, which older ones of this model and setting make way for; otherwise the matching run goes on and nothing is asked twice.",
    };
    private readonly Option<bool> _retryFiltered = new("--retry-filtered")
    {
        Description = "Ask those questions again, too, that a filter refused, that were truncated or refused without text, "
            + "or that the server was lost at.",
    };
    private readonly Option<bool> _resume = new("--resume") { Description = "Accepted for compatibility: this is what happens anyway." };
    private readonly Option<string?> _condition = new("--condition")
    {
        Description = $"The way of asking: {Condition.PublishedName} (the default), or parts joined by '+': {string.Join(", ", Condition.PartNames)}.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _controls = new("--controls")
    {
        Description = $"Several conditions, one run each, separated by commas; {Condition.StandardName} stands for {string.Join(", ", Condition.Standard)}.",
        HelpName = Condition.StandardName,
    };



    private readonly Option<bool> _allowMissing = new("--allow-missing-images")
    {
        Description = "Leave out missing, unreadable and too large images, as the published tools do; recorded with the run.",
    };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "A line per answer." };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _model, _apiBase, _imageMode, _name, _dataset, _dataDirectory, _jsonlPath, _imageRoot, _concurrency, _maxRetries, _maxReply,
            _timeout, _output, _exportFolder, _fresh, _retryFiltered, _resume, _condition, _controls, _allowMissing, _verbose,
        ];
        foreach (var option in all) command.Options.Add(option);
        _target.AddTo(command);
        _sampling.AddTo(command);
        _apiKey.AddTo(command);
        _price.AddTo(command);
        command.Options.Add(_pace);
        _pace.Check(tokens => tokens < 1 ? $"{_pace.Name} must be at least 1." : null);
        command.Options.Add(_batch);
        command.Options.Add(_cancelBatches);
        _imageMode.AcceptOnlyFromAmong("local", "url");
        AtLeast(_concurrency, 1);
        AtLeast(_maxRetries, 0);
        _maxReply.Check(bytes => bytes is < ReplyLimits.Least or > ReplyLimits.Most
            ? $"{_maxReply.Name} must be {ReplyLimits.Least} to {ReplyLimits.Most}."
            : null);
        _timeout.Check(seconds => seconds is > 0 and <= 86400 ? null : "--timeout must be above 0 and at most 86400 seconds.");
    }

    /// <exception cref="CommandException">Something that is needed is given neither here nor in the environment.</exception>
    public EvaluateSettings Read(ParseResult parsed)
    {
        var apiId = parsed.GetValue(_model) ?? FromEnvironment("MODEL_API_ID")
            ?? throw new CommandException("Which model? Give --model ID (its name on the wire) or set MODEL_API_ID.");
        var name = parsed.GetValue(_name) ?? apiId;
        if (!NameRule.IsValid(apiId)) throw new CommandException($"--model: the model's name on the wire {NameRule.Words()}");
        if (!NameRule.IsValid(name)) throw new CommandException($"--name: a name {NameRule.Words()}");
        var conditions = ReadConditions(parsed);
        var (price, most) = _price.Read(parsed);
        if (parsed.GetValue(_cancelBatches) && !parsed.GetValue(_batch))
            throw new CommandException($"{_cancelBatches.Name} goes with {_batch.Name}.");
        return new EvaluateSettings(
            new RunRequest
            {
                Model = name,
                Endpoint = new ModelEndpoint(ReadBaseUrl(parsed), apiId) { ApiKey = _apiKey.Read(parsed) },
                Sampling = _sampling.Read(parsed, apiId),
                Dialect = _sampling.ReadDialect(parsed),
                Concurrency = parsed.GetValue(_concurrency),
                Retries = RetryPolicy.Published with { MaxRetries = parsed.GetValue(_maxRetries) },
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
                Target = _target.Read(parsed),
                Condition = conditions[0],
                Price = price,
                MaxCost = most,
                TokensPerMinute = parsed.GetValue(_pace),
                Batch = parsed.GetValue(_batch),
                CancelBatches = parsed.GetValue(_cancelBatches),
                Fresh = parsed.GetValue(_fresh),
                RetryFiltered = parsed.GetValue(_retryFiltered),
                Release = new ReleaseSelection
                {
                    Source = new ReleaseRequest(parsed.GetValue(_dataset), parsed.GetValue(_dataDirectory), parsed.GetValue(_jsonlPath),
                        parsed.GetValue(_imageRoot)),
                    ImageMode = parsed.GetValue(_imageMode) == "url" ? ImageMode.Url : ImageMode.Local,
                    AllowMissingImages = parsed.GetValue(_allowMissing),
                },
            },
            conditions, parsed.GetValue(CommonOptions.Store)!, parsed.GetValue(_output), parsed.GetValue(_exportFolder),
            parsed.GetValue(_verbose))
        {
            MaxReplyBytes = parsed.GetValue(_maxReply),
        };
    }

    private ImmutableArray<Condition> ReadConditions(ParseResult parsed)
    {
        var (condition, controls) = (parsed.GetValue(_condition), parsed.GetValue(_controls));
        if (condition is not null && controls is not null)
            throw new CommandException("--condition and --controls exclude each other: give one of them.");
        if (condition == Condition.StandardName)
            throw new CommandException($"--condition takes one condition; --controls {Condition.StandardName} takes the set.");
        try
        {
            ImmutableArray<Condition> conditions = controls is null
                ? [Condition.Parse(condition ?? Condition.PublishedName)]
                : [.. Condition.ParseList(controls.Split(',')).OrderBy(each => each.CacheOrder)];
            if (conditions.FirstOrDefault(each => each.NeedsImageFiles) is { } files && parsed.GetValue(_imageMode) != "local")
                throw new CommandException($"Condition '{files}' makes other images of the release's files; it needs --image-mode local.");
            if ((parsed.GetValue(_output) ?? parsed.GetValue(_exportFolder)) is not null && conditions.Length > 1
                && !conditions.Contains(Condition.Published))
                throw new CommandException(
                    $"--output and --export-folder write one condition, with --controls the published one. Add '{Condition.PublishedName}' to --controls.");
            return conditions;
        }
        catch (FormatException error)
        {
            throw new CommandException($"{(controls is null ? "--condition" : "--controls")}: {error.Message}");
        }
    }

    private Uri ReadBaseUrl(ParseResult parsed)
    {
        var text = parsed.GetValue(_apiBase) ?? FromEnvironment("API_BASE_URL");
        if (text is null && (FromEnvironment("SGLANG_HOST") ?? FromEnvironment("SGLANG_PORT")) is not null)
            text = $"http://{FromEnvironment("SGLANG_HOST") ?? "127.0.0.1"}:{FromEnvironment("SGLANG_PORT") ?? "30000"}/v1";
        if (text is null && !isAsking) return new Uri("http://127.0.0.1:0/");
        if (text is null)
            throw new CommandException(
                "Where is the model served? Give --api-base URL (for example http://127.0.0.1:30000/v1) or set API_BASE_URL.");
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandException($"--api-base: '{text}' is not an http or https address such as http://127.0.0.1:30000/v1.");
    }

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static void AtLeast(Option<int> option, int least) =>
        option.Check(number => number < least ? $"{option.Name} must be at least {least}." : null);
}
