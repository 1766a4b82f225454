using LiveClin.Core.Results;

namespace LiveClin.Core.Merging;

/// <summary>
/// What is stored of one conversation. It is merged as a whole: a reply depends on those before it, so turns of two conversations are
/// never mixed.
/// </summary>
internal sealed class StoredConversation : IComparable<StoredConversation>
{
    private StoredConversation(IEnumerable<Answer> answers) => Answers = [.. answers.OrderBy(answer => answer.QuestionIndex)];

    public IReadOnlyList<Answer> Answers { get; }

    public int Epoch => Answers[0].Epoch;

    public int CaseOrdinal => Answers[0].CaseOrdinal;

    private int Replies => Answers.Count(answer => answer.Reply is not null);

    public static Dictionary<(int Epoch, int Ordinal), StoredConversation> Of(IEnumerable<Answer> answers) =>
        answers.GroupBy(answer => (answer.Epoch, answer.CaseOrdinal))
            .ToDictionary(group => group.Key, group => new StoredConversation(group));

    /// <summary>
    /// The first question to which both have replies that differ, or that was asked in other words; null when one goes on where the other
    /// ends.
    /// </summary>
    public int? FindDifference(StoredConversation other)
    {
        var theirs = other.Answers.Where(answer => answer.Reply is not null).ToDictionary(answer => answer.QuestionIndex);
        foreach (var answer in Answers)
        {
            if (answer.Reply is null || !theirs.TryGetValue(answer.QuestionIndex, out var their)) continue;
            var samePrompt = answer.PromptHash is null || their.PromptHash is null || answer.PromptHash == their.PromptHash;
            if (answer.Reply != their.Reply || !samePrompt) return answer.QuestionIndex;
        }

        return null;
    }

    /// <summary>What this one has where the other has no reply.</summary>
    public IEnumerable<Answer> Beyond(StoredConversation? other)
    {
        var replied = (other?.Answers ?? []).Where(answer => answer.Reply is not null).Select(answer => answer.QuestionIndex).ToHashSet();
        return Answers.Where(answer => !replied.Contains(answer.QuestionIndex));
    }

    /// <summary>
    /// The one that says more is the greater one. The order is total over contents, so that the order of merging makes no difference.
    /// </summary>
    public int CompareTo(StoredConversation? other)
    {
        if (other is null) return 1;
        (int Replies, int Count, string Content) mine = (Replies, Answers.Count, Content),
            theirs = (other.Replies, other.Answers.Count, other.Content);
        if (mine.Replies != theirs.Replies) return mine.Replies.CompareTo(theirs.Replies);
        return mine.Count != theirs.Count ? mine.Count.CompareTo(theirs.Count) : string.CompareOrdinal(mine.Content, theirs.Content);
    }

    // Later times first in weight: of two failures the newer one stands.
    private string Content => string.Join('\n', Answers.Select(answer => $"{answer.CompletedAt.UtcDateTime:O}"))
        + "\n" + string.Join('\n', Answers.Select(answer => answer.ToString()));
}
