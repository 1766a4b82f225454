using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Statistics;
using LiveClin.Core.Tables;
using Column = LiveClin.Core.Tables.Column<LiveClin.Core.Exchange.AnswerRow>;

namespace LiveClin.Core.Exchange;

/// <summary>The columns of the answers table; <c>docs/exports.md</c> says what each means.</summary>
public static class AnswerColumns
{
    /// <summary>All columns, in order.</summary>
    public static ImmutableArray<Column> All { get; } =
    [
        Column.Text("run_id", row => row.Run.Id),
        Column.Text("model", row => row.Run.Specification.Model),
        Column.Text("label", row => row.Label),
        Column.Text("release", row => row.Run.Specification.ReleaseName),
        Column.Text("condition", row => row.Run.Specification.Condition),
        Column.Text("parameters", row => row.Run.Specification.ParametersJson),
        Column.Integer("epoch", row => row.Epoch),
        Column.Integer("case_ordinal", row => row.Case.Ordinal),
        Column.Text("case_id", row => row.Case.Id),
        Column.Text("pmc", row => row.Case.Pmc),
        Column.Text("pmid", row => row.Case.Pmid),
        Column.Text("doi", row => row.Case.Doi),
        Column.Text("title", row => row.Case.Title),
        Column.Text("chapter", row => row.Case.Chapter),
        Column.Text("subcategory", row => row.Case.Subcategory),
        Column.Text("rarity", row => row.Case.Rarity),
        Column.Integer("position", row => row.Question.Index + 1),
        Column.Text("stage", row => row.Question.Stage),
        Column.Text("stage_class", row => Labels.Stage(row.Question.Stage)),
        Column.Text("modality", row => ShownModality.Of(row.Case, row.Question)),
        Column.Text("image_modalities", row => ShownModality.Images(row.Case, row.Question)),
        Column.Text("table_modalities", row => ShownModality.Tables(row.Case, row.Question)),
        Column.Text("question", row => row.Question.Text),
        Column.Text("options", row => OptionsJson.Of(row.Question)),
        Column.Integer("option_count", row => row.Question.Options.IsEmpty ? null : row.Question.Options.Length),
        Column.Text("key", row => row.Question.Key),
        Column.Text("letter", row => row.Answer?.Letter),
        Column.Text("letter_shown", row => row.Answer?.ShownLetter),
        Column.Text("letter_strict", StrictLetter),
        Column.Text("rule", row => NameOf(row.Answer?.Rule ?? ExtractionRule.None)),
        Column.Text("outcome", row => NameOf(row.Answer?.Outcome ?? Outcome.NotRun)),
        // Without a reply there is nothing right or wrong: a failure is never a wrong answer.
        Column.Flag("correct", row => row.Answer is { Reply: not null } answer ? answer.IsCorrect : null),
        Column.Integer("input_tokens", row => row.Answer?.Usage.Input),
        Column.Integer("cached_tokens", row => row.Answer?.Usage.CachedInput),
        Column.Integer("output_tokens", row => row.Answer?.Usage.Output),
        Column.Integer("reasoning_tokens", row => row.Answer?.Usage.Reasoning),
        Column.Real("latency_ms", row => row.Answer is { Attempts: > 0 } answer ? answer.LatencyMs : null),
        Column.Integer("attempts", row => row.Answer?.Attempts ?? 0),
        Column.Text("finish_reason", row => row.Answer?.FinishReason),
        Column.Text("error_kind", row => row.Answer?.ErrorKind),
        Column.Text("error_message", row => row.Answer?.ErrorMessage),
        Column.Text("prompt_sha256", row => row.Answer?.PromptHash),
        Column.Time("completed_at", row => row.Answer?.CompletedAt),
        Column.Text("reply", row => row.Answer?.Reply),
        Column.Text("reasoning", row => row.Answer?.Reasoning),
        Column.Text("endpoint", row => row.Answer?.Endpoint),
    ];

    private static string? StrictLetter(AnswerRow row)
    {
        if (row.Answer?.Reply is not { } reply) return null;
        // Where the source does not say which letters were offered (v1 files), those of the benchmark are.
        var offered = row.Question.Options.IsEmpty
            ? "ABCDEFGHIJ" : string.Concat(row.Question.Options.Select(option => option.Letter)).ToUpperInvariant();
        if (row.Letters.Shown.Length > 0) offered = string.Concat(row.Letters.Shown);
        return row.Letters.ToPublished(StrictExtractor.Extract(reply, offered).Letter);
    }

    // NotRun → not_run
    private static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
