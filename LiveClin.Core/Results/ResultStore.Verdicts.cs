using LiveClin.Core.Reviews;

namespace LiveClin.Core.Results;

/// <content>What reviewers say of questions.</content>
public sealed partial class ResultStore
{
    /// <summary>
    /// All verdicts on a release's questions: by case, question, topic and reviewer; empty in a store from before reviews.
    /// </summary>
    public IReadOnlyList<Verdict> GetVerdicts(string releaseSha256) => Query(
        new StoredRows("verdicts", $"release {releaseSha256}"),
        "SELECT topic, case_ordinal, question, holds, reviewer, decided_at FROM verdicts WHERE release = $1 ORDER BY case_ordinal, question, topic, reviewer",
        row => new Verdict(
            row.Code<ReviewTopic>(), row.Position(), row.Position(), row.Flag(), row.Text(),
            row.Time()),
        releaseSha256);
}
