using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.Floors;
using LiveClin.Stats.Reports;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.CommandLine.Compare;

/// <summary>The comparison as one JSON object; the schema is described in docs/report-json.md.</summary>
internal sealed record CompareJson
{
    /// <summary>Version of the form; a change that could break a reader raises it.</summary>
    public int SchemaVersion { get; } = 1;

    /// <summary>Name of the release.</summary>
    public required string Release { get; init; }

    /// <summary>Display name of the model that is compared with.</summary>
    public required string Baseline { get; init; }

    /// <summary>Its run; null where the source knows none.</summary>
    public string? BaselineRun { get; init; }

    /// <summary>Display name of the model that is judged.</summary>
    public required string Candidate { get; init; }

    /// <summary>Its run; null where the source knows none.</summary>
    public string? CandidateRun { get; init; }

    /// <summary><c>worse</c>, <c>not worse</c> or <c>inconclusive</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Non-inferiority margin, in percentage points; null for none.</summary>
    public double? Margin { get; init; }

    /// <summary>Shared cases below which nothing is concluded.</summary>
    public required int MinimumCases { get; init; }

    /// <summary>95 % interval of the difference of case accuracies, first minus second.</summary>
    public required Interval CaseInterval { get; init; }

    /// <summary>95 % interval of the difference of question accuracies, first minus second.</summary>
    public required Interval QuestionInterval { get; init; }

    /// <summary>What the release gives away without medicine.</summary>
    public required ImmutableArray<ReleaseFloor> Floors { get; init; }

    /// <summary>Both models against the best floor.</summary>
    public required ImmutableArray<FloorCheck> FloorChecks { get; init; }

    /// <summary>What several epochs show of both; without those that were asked once.</summary>
    public required ImmutableArray<EpochStatistics> Epochs { get; init; }

    /// <summary>The comparison, as in a report.</summary>
    public required ModelComparison Pair { get; init; }

    public static void Write(TextWriter output, CompareOutcome outcome) => output.WriteLine(JsonSerializer.Serialize(
        new CompareJson
        {
            Release = outcome.Release,
            Baseline = outcome.Baseline.Model,
            BaselineRun = outcome.Baseline.RunId,
            Candidate = outcome.Candidate.Model,
            CandidateRun = outcome.Candidate.RunId,
            Verdict = outcome.Verdict,
            Reason = outcome.Result.Reason,
            Margin = outcome.Gate.Margin * 100,
            MinimumCases = outcome.Gate.MinimumCases,
            CaseInterval = outcome.Pair.Cases.Interval(),
            QuestionInterval = outcome.Pair.Questions.Interval(),
            Floors = outcome.Floors.All,
            FloorChecks = [.. outcome.FloorChecks],
            Epochs = [.. outcome.Epochs],
            Pair = outcome.Pair,
        },
        CompareJsonContext.Default.CompareJson));
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(NullForNaN)])]
[JsonSerializable(typeof(CompareJson))]
internal sealed partial class CompareJsonContext : JsonSerializerContext;
