using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>What a condition made of the questions of a set, by position of the question.</summary>
/// <param name="Changed">True where the request differs from the published one in more than the model's own replies.</param>
/// <param name="ShownKeys">The key's letter as shown; NUL where the question is not asked or its key is no single letter.</param>
public sealed record ConditionFacts(ImmutableArray<bool> Changed, ImmutableArray<char> ShownKeys)
{
    /// <summary>Changed questions that reviewers take out: no figure counts them.</summary>
    public ImmutableHashSet<int> Excluded { get; init; } = [];

    /// <summary>What reviewers say of the condition; null where it needs no review.</summary>
    public Controls.ReviewedCondition? Review { get; init; }

    /// <summary>Lays what a run recorded out over the set's cases.</summary>
    /// <param name="cases">All cases of the set, in the order of the release.</param>
    /// <param name="asked">The cases that the run asks.</param>
    internal static ConditionFacts Of(IReadOnlyList<CaseFacts> cases, IEnumerable<RunCase> asked)
    {
        var count = cases.Count == 0 ? 0 : cases[^1].FirstQuestion + cases[^1].Questions.Length;
        var (changed, keys) = (new bool[count], new char[count]);
        foreach (var each in asked)
        {
            var clinicalCase = cases[each.Ordinal];
            for (var i = 0; i < Math.Min(clinicalCase.Questions.Length, each.Questions.Length); i++)
            {
                changed[clinicalCase.FirstQuestion + i] = each.Questions[i].IsChanged;
                if (each.Questions[i].Letters.ToShown(clinicalCase.Questions[i].Key) is [var key])
                    keys[clinicalCase.FirstQuestion + i] = key;
            }
        }

        return new ConditionFacts(ImmutableCollectionsMarshal.AsImmutableArray(changed),
            ImmutableCollectionsMarshal.AsImmutableArray(keys));
    }
}
