using LiveClin.Core.Reviews;

namespace LiveClin.Core.Results;

/// <content>What reviewers say of questions.</content>
public sealed partial class StoreTransaction
{
    /// <summary>
    /// Keeps a verdict; a reviewer's later one on the same question and topic takes the place of the earlier, an earlier one changes
    /// nothing.
    /// </summary>
    /// <param name="releaseSha256">A stored release.</param>
    /// <param name="verdict">The verdict.</param>
    public void PutVerdict(string releaseSha256, Verdict verdict) => Execute(
        """
        INSERT INTO verdicts (release, topic, case_ordinal, question, reviewer, holds, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (release, topic, case_ordinal, question, reviewer)
            DO UPDATE SET holds = excluded.holds, decided_at = excluded.decided_at WHERE excluded.decided_at >= verdicts.decided_at
        """,
        releaseSha256, (int)verdict.Topic, verdict.CaseOrdinal, verdict.QuestionIndex, verdict.By, verdict.Holds ? 1 : 0, Time(verdict.At));

    /// <summary>Takes a reviewer's verdict back.</summary>
    /// <param name="releaseSha256">A stored release.</param>
    /// <param name="verdict">The verdict; what it says does not matter.</param>
    public void DeleteVerdict(string releaseSha256, Verdict verdict) => Execute(
        "DELETE FROM verdicts WHERE release = $1 AND topic = $2 AND case_ordinal = $3 AND question = $4 AND reviewer = $5",
        releaseSha256, (int)verdict.Topic, verdict.CaseOrdinal, verdict.QuestionIndex, verdict.By);
}
