using Google.Protobuf.WellKnownTypes;
using LiveClin.Core.Conditions;
using LiveClin.Core.Costs;
using LiveClin.Core.Prompts;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

/// <content>The fields that several requests have, each with its bounds.</content>
internal sealed partial class RunRequests
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    private static Uri Nowhere { get; } = new("http://127.0.0.1:0/");

    private Uri ReadUrl(string field, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        Wrong(field, "must be the base URL of an OpenAI-compatible API, such as http://127.0.0.1:30000/v1.");
        return Nowhere;
    }

    private Price? ReadPrice(string name, V1.TokenPrice? price)
    {
        if (price is null) return null;
        foreach (var (field, amount) in ((string, double?)[])[("input", price.Input),
            ("cached_input", price.HasCachedInput ? price.CachedInput : null), ("output", price.Output)])
            if (!Price.IsAmount(amount)) Wrong($"{name}.{field}", "must be a number per million tokens, 0 or more.");
        var currency = price.Currency.Length == 0 ? Price.DefaultCurrency : price.Currency;
        if (!Price.IsCurrency(currency)) Wrong($"{name}.currency", "must be three capital letters, such as USD.");
        return new Price
        {
            Input = price.Input,
            CachedInput = price.HasCachedInput ? price.CachedInput : null,
            Output = price.Output,
            Currency = currency,
        };
    }

    private long? ReadPace(bool given, long tokens)
    {
        if (given && tokens < 1) Wrong("tokens_per_minute", "must be at least 1; leave it out for the server's own limits.");
        return given ? tokens : null;
    }

    private void CheckLimit(string price, RunRequest request)
    {
        if (request.MaxCost is not { } most) return;
        if (!(most > 0) || !double.IsFinite(most)) Wrong("max_cost", "must be an amount of money above 0; leave it out for no limit.");
        else if (request.Price is null or { IsFree: true }) Wrong("max_cost", $"needs {price}: without it nothing is known of costs.");
    }

    private ServingKnowledge? ReadServing(V1.ServingEnvironment? serving)
    {
        if (serving is null) return null;
        Limit("server", serving.Server, 64);
        Limit("server_version", serving.ServerVersion, 256);
        Limit("model_info", serving.ModelInfo, RunEnvironment.LongestModelInfo);
        foreach (var (field, words) in ((string, IReadOnlyCollection<string>)[])[("server_command", serving.ServerCommand),
            ("devices", serving.Devices)])
            if (words.Count > 256 || words.Any(word => word.Length > 4096))
                Wrong("serving." + field, "must have at most 256 entries of at most 4096 characters.");
        return new ServingKnowledge(
            serving.HasServer ? serving.Server : null, serving.HasServerVersion ? serving.ServerVersion : null,
            serving.ServerCommand.Count > 0 ? [.. serving.ServerCommand] : null, serving.Devices.Count > 0 ? [.. serving.Devices] : null,
            serving.HasModelInfo ? serving.ModelInfo : null);

        void Limit(string field, string text, int longest)
        {
            if (text.Length > longest) Wrong("serving." + field, $"must have at most {longest} characters.");
        }
    }

    private SamplingParameters ReadSampling(V1.ModelSpec? model)
    {
        var wanted = model?.Sampling ?? new V1.Sampling();
        SamplingPreset? preset = wanted.Preset == V1.ParameterPreset.Unspecified
            ? SamplingPreset.Core : EnumByName<SamplingPreset>.Find(wanted.Preset);
        return new SamplingChoice(preset, new SamplingParameters
        {
            Temperature = wanted.HasTemperature ? wanted.Temperature : null,
            TopP = wanted.HasTopP ? wanted.TopP : null,
            MaxTokens = wanted.HasMaxTokens ? wanted.MaxTokens : null,
            Seed = wanted.HasSeed ? wanted.Seed : null,
            ExtraBody = wanted.ExtraBodyJson is { Length: > 0 } extra ? extra : null,
        })
        {
            Reasoning = new ReasoningChoice(
                wanted.ReasoningEffort is { Length: > 0 } effort ? effort : null, wanted.HasThinkingBudget ? wanted.ThinkingBudget : null),
            Dialect = Dialect.Find(model?.Dialect) ?? Dialect.Auto,
        }.Resolve(model?.ApiId ?? "", (field, message) => Wrong("model.sampling." + field, message));
    }

    private Dialect ReadDialect(string field, string? name)
    {
        if (Dialect.Find(name) is { } dialect) return dialect;
        Wrong(field, $"is no dialect that this evaluator knows; there are: {Dialect.Names}, each also with +stream.");
        return Dialect.Auto;
    }

    private RunTarget ReadTarget(V1.StartRunRequest request)
    {
        var (isLimitFine, areEpochsFine) = (!request.HasLimit || request.Limit >= 1, !request.HasEpochs
            || request.Epochs is >= 1 and <= RunTarget.LargestEpoch);
        if (!isLimitFine) Wrong("limit", "must be at least 1; leave it out for all cases.");
        if (!areEpochsFine) Wrong("epochs", $"must be 1 to {RunTarget.LargestEpoch}; leave it out for 1.");
        var epochs = request.HasEpochs && areEpochsFine ? request.Epochs : 1;
        if (!request.HasSample) return RunTarget.Of(request.HasLimit && isLimitFine ? request.Limit : null, epochs);
        if (request.HasLimit) Wrong("sample", "cannot be combined with limit.");
        if (request.Sample < 1) Wrong("sample", "must be at least 1; leave it out for all cases.");
        return RunTarget.OfSample(Math.Max(1, request.Sample), epochs);
    }

    private RunTarget ReadShard(string shard, RunTarget target)
    {
        if (shard.Length == 0) return target;
        try
        {
            return target.Of(Shard.Resolve(shard, Environment.GetEnvironmentVariable));
        }
        catch (FormatException error)
        {
            Wrong("shard", error.Message);
            return target;
        }
    }

    private Condition ReadCondition(string name)
    {
        if (name.Length == 0) return Condition.Published;
        try
        {
            return Condition.Parse(name);
        }
        catch (FormatException error)
        {
            Wrong("condition", error.Message);
            return Condition.Published;
        }
    }

    private ImageMode ReadImageMode(V1.ImageMode mode)
    {
        if (mode is not (V1.ImageMode.Unspecified or V1.ImageMode.Local or V1.ImageMode.Url))
            Wrong("image_mode", "is not a mode that this evaluator knows.");
        return mode == V1.ImageMode.Url ? ImageMode.Url : ImageMode.Local;
    }

    private int ReadConcurrency(bool given, int value)
    {
        if (given && value is < 1 or > 10_000) Wrong("concurrency", "must be 1 to 10000.");
        return given ? value : 100;
    }

    private RetryPolicy ReadRetries(bool given, int value)
    {
        if (given && value is < 0 or > 100) Wrong("max_retries", "must be 0 to 100.");
        return given ? RetryPolicy.Published with { MaxRetries = value } : RetryPolicy.Published;
    }

    private TimeSpan ReadTimeout(Duration? value, TimeSpan otherwise)
    {
        if (value is null) return otherwise;
        // Compared in seconds: a duration on the wire may be far outside TimeSpan's range.
        if (value.Seconds >= 1 && value.Seconds <= LongestTimeout.TotalSeconds && value.Nanos is >= 0 and < 1_000_000_000)
            return value.ToTimeSpan();
        Wrong("timeout", "must be 1 second to 24 hours.");
        return otherwise;
    }

    private void Wrong(string field, string message) => _problems.Add(new FieldProblem(field, message));

    private void ThrowIfWrong()
    {
        if (_problems.Count > 0) throw RpcErrors.Invalid(_problems);
    }
}
