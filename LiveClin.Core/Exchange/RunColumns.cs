using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using Column = LiveClin.Core.Tables.Column<LiveClin.Core.Exchange.RunRow>;

namespace LiveClin.Core.Exchange;

/// <summary>A run: a row of the runs table.</summary>
/// <param name="Run">The run.</param>
/// <param name="Label">What tells it from its namesakes.</param>
/// <param name="Tally">How far it is and how well it went.</param>
/// <param name="Environment">Where it was asked last; null when that was not recorded.</param>
public sealed record RunRow(RunInfo Run, string Label, RunTally Tally, RunEnvironment? Environment);

/// <summary>The columns of the runs table; <c>docs/exports.md</c> says what each means.</summary>
public static class RunColumns
{
    /// <summary>All columns, in order.</summary>
    public static ImmutableArray<Column> All { get; } =
    [
        Column.Text("run_id", row => row.Run.Id),
        Column.Text("model", row => row.Run.Specification.Model),
        Column.Text("label", row => row.Label),
        Column.Text("name", row => row.Run.Name),
        Column.Text("api_id", row => row.Run.Specification.ApiId),
        Column.Text("endpoint", row => row.Run.Specification.Endpoint),
        Column.Text("release", row => row.Run.Specification.ReleaseName),
        Column.Text("release_sha256", row => row.Run.Specification.ReleaseSha256),
        Column.Text("condition", row => row.Run.Specification.Condition),
        Column.Text("image_mode", row => row.Run.Specification.ImageMode),
        Column.Flag("allow_missing_images", row => row.Run.Specification.AllowMissingImages),
        Column.Text("parameters", row => row.Run.Specification.ParametersJson),
        Column.Real("temperature", row => Parameter(row, "temperature")),
        Column.Real("top_p", row => Parameter(row, "top_p")),
        Column.Integer("max_tokens", row => (long?)(Parameter(row, "max_tokens") ?? Parameter(row, "max_completion_tokens"))),
        Column.Integer("seed", row => (long?)Parameter(row, "seed")),
        Column.Text("identity", row => row.Run.Specification.Identity),
        Column.Text("target", row => row.Run.Target.ToString()),
        Column.Integer("epochs", row => row.Run.Target.Epochs),
        Column.Text("status", row => JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Run.Status.ToString())),
        Column.Text("status_reason", row => row.Run.StatusReason),
        Column.Integer("cases_in_release", row => row.Tally.CasesInRelease),
        Column.Integer("cases_covered", row => row.Tally.CasesCovered),
        Column.Flag("partial", row => row.Tally.IsPartial),
        Column.Integer("cases", row => row.Tally.Cases),
        Column.Integer("cases_correct", row => row.Tally.CasesCorrect),
        Column.Integer("questions", row => row.Tally.Questions),
        Column.Integer("questions_answered", row => row.Tally.QuestionsAnswered),
        .. Enum.GetValues<Outcome>().Where(outcome => outcome != Outcome.NotRun).Append(Outcome.NotRun)
            .Select(outcome => Column.Integer("questions_" + JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()),
                row => row.Tally[outcome])),
        Column.Integer("input_tokens", row => row.Tally.Usage.Input),
        Column.Integer("cached_tokens", row => row.Tally.Usage.CachedInput),
        Column.Integer("output_tokens", row => row.Tally.Usage.Output),
        Column.Integer("reasoning_tokens", row => row.Tally.Usage.Reasoning),
        Column.Time("started_at", row => row.Run.StartedAt),
        Column.Time("finished_at", row => row.Run.FinishedAt),
        Column.Text("source", row => row.Run.Source),
        Column.Text("program_version", row => row.Run.ProgramVersion),
        Column.Text("git_commit", row => row.Run.GitCommit),
        Column.Text("machine", row => row.Run.Machine),
        Column.Text("server", row => row.Environment?.Server),
        Column.Text("server_version", row => row.Environment?.ServerVersion),
        Column.Text("server_command", row => row.Environment?.ServerCommand is { } command ? string.Join(' ', command) : null),
        Column.Text("devices", row => row.Environment?.Devices is { } devices ? string.Join("; ", devices) : null),
        Column.Text("superseded_by", row => row.Run.SupersededBy),
        Column.Flag("chosen", row => row.Run.IsChosen),
        Column.Flag("hidden", row => row.Run.IsHidden),
        Column.Text("tags", row => row.Run.Tags.Count == 0 ? null : string.Join("; ", row.Run.Tags)),
    ];

    private static double? Parameter(RunRow row, string name)
    {
        using var parameters = JsonDocument.Parse(row.Run.Specification.ParametersJson);
        return parameters.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble() : null;
    }
}
