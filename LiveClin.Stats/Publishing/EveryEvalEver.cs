using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Core.Formats;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Publishing;

/// <summary>
/// Every Eval Ever (github.com/evaleval/every_eval_ever, schema 0.3.0): of each run an aggregate file and, beside it, a conversation per
/// line. Its places and names are those of that collection: <c>data/liveclin/DEVELOPER/MODEL/UUID.json</c>, <c>UUID_samples.jsonl</c>.
/// </summary>
internal static class EveryEvalEver
{
    /// <summary>The schema's version.</summary>
    public const string SchemaVersion = "0.3.0";

    /// <summary>The result that the conversations belong to.</summary>
    public const string CaseAccuracy = "liveclin.case_accuracy";

    private const string QuestionAccuracy = "liveclin.question_accuracy";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a run's two files; returns their paths, the aggregate first.</summary>
    /// <param name="published">The run.</param>
    /// <param name="conversations">Its conversations, one JSON text each.</param>
    /// <param name="options">What it does not know of itself.</param>
    /// <param name="folder">The folder that gets <c>data/</c>.</param>
    /// <param name="now">The time of the record.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(PublishedRun published, IEnumerable<string> conversations, PublishOptions options,
        string folder, DateTimeOffset now)
    {
        var model = options.ModelOf(published);
        var stem = $"data/liveclin/{model.Developer}/{model.Name}/{Uuid(published.Run.Id)}";
        var (samples, aggregate) = (stem + "_samples.jsonl", stem + ".json");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = 0;
        AtomicFile.Write(Path.Combine(folder, samples), stream =>
        {
            foreach (var conversation in conversations)
            {
                var line = Encoding.UTF8.GetBytes(conversation + "\n");
                hash.AppendData(line);
                stream.Write(line);
                rows++;
            }
        });
        var json = Aggregate(published, options, model, now);
        json["detailed_evaluation_results"] = new JsonObject
        {
            ["format"] = "jsonl", ["file_path"] = samples, ["hash_algorithm"] = "sha256",
            ["checksum"] = Convert.ToHexStringLower(hash.GetHashAndReset()), ["total_rows"] = rows,
        };
        AtomicFile.Write(Path.Combine(folder, aggregate),
            stream => stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString(Readable) + "\n")));
        return [Path.Combine(folder, aggregate), Path.Combine(folder, samples)];
    }

    /// <summary>What ties the records of a run together. The run is in it, so that two settings of a model stay two.</summary>
    public static string EvaluationId(PublishedRun published) => $"liveclin/{published.Run.Specification.ApiId}/{published.Run.Id}";

    /// <summary>What was evaluated.</summary>
    public static string EvaluationName(PublishedRun published) => $"LiveClin {published.Run.Specification.ReleaseName}"
        + (published.Run.Specification.Condition == Core.Results.RunSpecification.Published
            ? "" : $" ({published.Run.Specification.Condition})");

    /// <summary>The result of the run that a record belongs to.</summary>
    public static string ResultId(PublishedRun published, string metric) => $"{published.Run.Id}/{metric}";

    private static JsonObject Aggregate(PublishedRun published, PublishOptions options, ModelIdentity model, DateTimeOffset now) => new()
    {
        ["schema_version"] = SchemaVersion,
        ["evaluation_id"] = EvaluationId(published),
        ["evaluation_timestamp"] = published.Run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["retrieved_timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ["source_metadata"] = new JsonObject
        {
            ["source_name"] = "LiveClin", ["source_type"] = "evaluation_run",
            ["source_organization_name"] = options.Organization, ["evaluator_relationship"] = options.Relationship,
        },
        ["eval_library"] = new JsonObject
        {
            ["name"] = published.Run.IsImported ? published.Run.ProgramVersion : "LiveClin on Aspire",
            ["version"] = published.Run.IsImported ? "unknown" : published.Run.ProgramVersion,
            ["additional_details"] = Details(("git_commit", published.Run.GitCommit), ("run_id", published.Run.Id)),
        },
        ["model_info"] = new JsonObject
        {
            ["name"] = published.Run.Specification.Model, ["id"] = model.Id, ["developer"] = model.Developer,
            ["additional_details"] = Details(
                ("deployment_type", options.Deployment), ("model_availability", options.Availability),
                ("served_name", published.Run.Specification.ApiId), ("label", published.Label)),
        },
        ["evaluation_results"] = new JsonArray(
            Result(published, options, CaseAccuracy, "Case accuracy", "Share of cases of which every question is answered correctly",
                published.Cases, new JsonObject
            {
                ["confidence_interval"] = Interval(Wilson.Interval(published.Cases), "wilson"), ["num_samples"] = published.Cases.Total,
            }),
            Result(published, options, QuestionAccuracy, "Question accuracy", "Share of questions that are answered correctly",
                published.Questions, QuestionUncertainty(published))),
    };

    private static JsonObject Result(PublishedRun published, PublishOptions options, string metric, string name, string description,
        Ratio ratio, JsonObject uncertainty) => new()
    {
        ["evaluation_result_id"] = ResultId(published, metric),
        ["evaluation_name"] = EvaluationName(published),
        ["source_data"] = SourceData(published, options),
        ["metric_config"] = new JsonObject
        {
            ["evaluation_description"] = description
                + ", over cases of which every question has a reply; letters by the benchmark's published rule.",
            ["metric_id"] = metric, ["metric_name"] = name, ["metric_kind"] = "accuracy", ["metric_unit"] = "proportion",
            ["lower_is_better"] = false, ["score_type"] = "continuous", ["min_score"] = 0, ["max_score"] = 1,
        },
        ["score_details"] = new JsonObject
        {
            ["score"] = ratio.Value,
            ["details"] = Details(
                ("correct", Text(ratio.Count)), ("total", Text(ratio.Total)), ("cases_asked", Text(published.Results.Release.Cases.Length)),
                ("cases_without_every_reply", Text(published.Results.Release.Cases.Length - published.Answered.Count)),
                ("cases_in_release", Text(published.Tally.CasesInRelease)),
                ("epoch", "1"), ("epochs_of_run", Text(published.Run.Target.Epochs))),
            ["uncertainty"] = uncertainty,
        },
        ["generation_config"] = GenerationConfig(published),
    };

    private static JsonObject QuestionUncertainty(PublishedRun published)
    {
        var mean = published.QuestionMean;
        var json = new JsonObject { ["num_samples"] = published.Questions.Total };
        if (double.IsFinite(mean.StandardError)) json["standard_error"] = new JsonObject
        {
            ["value"] = mean.StandardError,
            ["method"] = "clustered by case",
        };
        if (double.IsFinite(mean.Interval().Low)) json["confidence_interval"] = Interval(mean.Interval(), "clustered by case");
        return json;
    }

    private static JsonObject Interval(Interval interval, string method) => new()
    {
        ["lower"] = interval.Low, ["upper"] = interval.High, ["confidence_level"] = 0.95, ["method"] = method,
    };

    private static JsonObject SourceData(PublishedRun published, PublishOptions options)
    {
        var details = Details(("release", published.Run.Specification.ReleaseName),
            ("release_sha256", published.Run.Specification.ReleaseSha256));
        return options.DatasetId is { } dataset
            ? new JsonObject
            {
                ["dataset_name"] = "LiveClin",
                ["source_type"] = "hf_dataset",
                ["hf_repo"] = dataset,
                ["samples_number"] = published.Tally.CasesInRelease,
                ["additional_details"] = details,
            }
            : new JsonObject
            {
                ["dataset_name"] = published.Run.Specification.ReleaseName,
                ["source_type"] = "other",
                ["additional_details"] = details,
            };
    }

    private static JsonObject GenerationConfig(PublishedRun published)
    {
        var parameters = JsonNode.Parse(published.Run.Specification.ParametersJson)!.AsObject();
        var arguments = new JsonObject();
        foreach (var name in (string[])["temperature", "top_p", "top_k"])
            if (parameters[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number) arguments[name] = value.DeepClone();
        if ((parameters["max_tokens"] ?? parameters["max_completion_tokens"]) is JsonValue longest
            && longest.TryGetValue<long>(out var tokens) && tokens >= 1) arguments["max_tokens"] = tokens;
        return new JsonObject
        {
            ["generation_args"] = arguments,
            ["additional_details"] = Details(("parameters", published.Run.Specification.ParametersJson),
                ("image_mode", published.Run.Specification.ImageMode), ("condition", published.Run.Specification.Condition)),
        };
    }

    private static JsonObject Details(params (string Name, string? Value)[] details)
    {
        var json = new JsonObject();
        foreach (var (name, value) in details)
            if (value is not null) json[name] = value;
        return json;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Of the form of a version 4, as the collection wants it, and always the same for a run: publishing again replaces.
    private static string Uuid(string runId)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(runId))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
