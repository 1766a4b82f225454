using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <content>Reading what an answer is.</content>
public sealed partial class ResultStore
{
    private const string AnswerColumns =
        """
        epoch, case_ordinal, question, outcome, letter, shown_letter, rule, reply, reasoning, finish_reason, error_kind, error_message,
        input_tokens, cached_tokens, output_tokens, reasoning_tokens, latency_ms, attempts, prompt_hash, completed_at, endpoint, checksum
        """;

    // The same of all answers of a run.
    private Func<ColumnReader, Answer> ReadAnswerOf(string runId)
    {
        var isInRelease = new Lazy<Func<int, int, bool>>(() => PlacesOf(runId));
        return next => ReadAnswer(next, isInRelease);
    }

    // A case that its release does not have, or a question that none of its cases has, is no place.
    private Func<int, int, bool> PlacesOf(string runId)
    {
        var release = Query(
            new StoredRows(DamagedRow.Runs), "SELECT release FROM runs WHERE id = $1", row => row.Text(), runId).SingleOrDefault();
        if (release is null) return (_, _) => true;
        var counts = QuestionCounts(release);
        var most = counts.DefaultIfEmpty().Max();
        return (ordinal, question) => ordinal < counts.Length && question < most;
    }

    private static Answer ReadAnswer(ColumnReader next, Lazy<Func<int, int, bool>> isInRelease)
    {
        var (epoch, ordinal, question) = (next.Position(), next.Position(), next.Position());
        // Without its place it is nobody's answer.
        if (next.Damage is null && !isInRelease.Value(ordinal, question)) next.Spoil("case_ordinal");
        var isPlaced = next.Damage is null;
        var answer = new Answer
        {
            Epoch = epoch,
            CaseOrdinal = ordinal,
            QuestionIndex = question,
            Outcome = next.Code<Outcome>(),
            Letter = next.TextOrNull(),
            ShownLetter = next.TextOrNull(),
            Rule = next.Code<ExtractionRule>(),
            Reply = next.TextOrNull(),
            Reasoning = next.TextOrNull(),
            FinishReason = next.TextOrNull(),
            ErrorKind = next.TextOrNull(),
            ErrorMessage = next.TextOrNull(),
            Usage = new TokenUsage(next.LongOrNull(), next.LongOrNull(), next.LongOrNull(), next.LongOrNull()),
            LatencyMs = next.Double(),
            Attempts = next.Integer(),
            PromptHash = next.TextOrNull(),
            CompletedAt = next.Time(),
            Endpoint = next.TextOrNull(),
        };
        var isChanged = IsDamaged(answer.Reply, next.LongOrNull());
        if (!isPlaced) return answer;
        var damage = next.TakeDamage();
        return damage is null && !isChanged ? answer : answer with { DamagedColumn = damage ?? StoreDamage.Reply };
    }

    // Replies from before there were checksums have none.
    private static bool IsDamaged(string? reply, long? checksum) => checksum is not null && checksum != ReplyChecksum.Of(reply);
}
