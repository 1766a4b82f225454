using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Controls;

/// <summary>What a condition and the published way got right, case by case, on the cases that both cover.</summary>
internal sealed class ChangedQuestions
{
    /// <param name="set">The set.</param>
    /// <param name="published">The published results.</param>
    /// <param name="other">The results under a condition.</param>
    public ChangedQuestions(ResultSet set, ModelResults published, ModelResults other)
    {
        (Published, Other) = (published, other);
        Cases = [.. set.SharedCases(published, other).Where(clinicalCase => clinicalCase.Questions.Length > 0)];
        var count = set.Cases.Length;
        (PublishedCorrect, OtherCorrect, Total) = (new int[count], new int[count], new int[count]);
        foreach (var clinicalCase in Cases)
        {
            foreach (var position in PositionsOf(clinicalCase))
            {
                Total[clinicalCase.Index]++;
                if (published.Answers[position].IsCorrect) PublishedCorrect[clinicalCase.Index]++;
                if (other.Answers[position].IsCorrect) OtherCorrect[clinicalCase.Index]++;
            }
        }
    }

    public ModelResults Published { get; }

    public ModelResults Other { get; }

    /// <summary>The cases that both cover.</summary>
    public IReadOnlyList<CaseFacts> Cases { get; }

    /// <summary>Those of them of which reviewers take no question out: whole cases can be compared.</summary>
    public IReadOnlyList<CaseFacts> WholeCases => [.. Cases.Where(clinicalCase => !AllPositionsOf(clinicalCase).Any(IsExcluded))];

    /// <summary>Changed questions right as published, by position of the case in the set.</summary>
    public int[] PublishedCorrect { get; }

    /// <summary>The same questions right under the condition.</summary>
    public int[] OtherCorrect { get; }

    /// <summary>Changed questions.</summary>
    public int[] Total { get; }

    /// <summary>Positions of all changed questions.</summary>
    public IEnumerable<int> Positions => Cases.SelectMany(PositionsOf);

    private IEnumerable<int> PositionsOf(CaseFacts clinicalCase) => AllPositionsOf(clinicalCase)
        .Where(position => Other.Asked is not { } asked || (asked.Changed[position] && !IsExcluded(position)));

    private bool IsExcluded(int position) => Other.Asked?.Excluded.Contains(position) == true;

    private static IEnumerable<int> AllPositionsOf(CaseFacts clinicalCase) =>
        Enumerable.Range(clinicalCase.FirstQuestion, clinicalCase.Questions.Length);
}
