using LiveClin.Stats.Epochs;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Comparison;

/// <summary>A model's correct questions per case, counted once for all comparisons.</summary>
internal sealed class CaseCounts(ResultSet set, ModelResults model)
{
    public ModelResults Model { get; } = model;

    public int[] Correct { get; } = [.. set.Cases.Select(model.CorrectIn)];

    /// <summary>Number of epochs.</summary>
    public int Epochs { get; } = 1 + model.LaterEpochs.Length;

    /// <summary>By position of the case: mean of its correct questions over the epochs that have dealt with it.</summary>
    public double[] Mean { get; } = MeansOf(set, model);

    public int[] WithoutReply { get; } = [.. set.Cases.Select(model.WithoutReplyIn)];

    private static double[] MeansOf(ResultSet set, ModelResults model)
    {
        var means = new double[set.Cases.Length];
        foreach (var counts in EpochCounts.Of(model, set.Cases)) means[counts.Case.Index] = counts.Mean;
        return means;
    }
}

/// <summary>Compares two models; <see cref="Comparisons"/> corrects the p-values of all pairs.</summary>
internal static class PairBuilder
{
    public static ModelComparison Compare(ResultSet set, CaseCounts one, CaseCounts other, double? questionP)
    {
        var shared = set.SharedCases(one.Model, other.Model).Where(c => c.Questions.Length > 0).ToList();
        var (first, second) = IsFirst(one, other, shared) ? (one, other) : (other, one);
        int[] a = [.. shared.Select(c => first.Correct[c.Index])], b = [.. shared.Select(c => second.Correct[c.Index])];
        int[] totals = [.. shared.Select(c => c.Questions.Length)];
        int[] wholeA = [.. a.Zip(totals, (x, n) => x == n ? 1 : 0)], wholeB = [.. b.Zip(totals, (x, n) => x == n ? 1 : 0)];
        var onlyFirst = shared.Where((_, i) => wholeA[i] > wholeB[i]).Select(c => c.Id).ToList();
        var onlySecond = shared.Where((_, i) => wholeA[i] < wholeB[i]).Select(c => c.Id).ToList();
        var caseP = McNemar.Exact(onlyFirst.Count, onlySecond.Count);
        var questions = questionP ?? (shared.Count > 0 ? SignFlipTest.Pair(a, b) : 1);
        var balanced = BalancedDifference.Estimate(shared, first.Model, second.Model);
        return new ModelComparison
        {
            First = first.Model.Model,
            Second = second.Model.Model,
            SharedCases = shared.Count,
            FirstCases = new Ratio(wholeA.Sum(), shared.Count),
            SecondCases = new Ratio(wholeB.Sum(), shared.Count),
            FirstQuestions = new Ratio(a.Sum(), totals.Sum()),
            SecondQuestions = new Ratio(b.Sum(), totals.Sum()),
            Cases = PairedDifference.Estimate(Shares(wholeA), Shares(wholeB), [.. totals.Select(_ => 1)]),
            Questions = PairedDifference.Estimate(Shares(a), Shares(b), totals),
            FirstEpochs = first.Epochs,
            SecondEpochs = second.Epochs,
            OverEpochs = PairedDifference.Estimate(
                [.. shared.Select(c => first.Mean[c.Index])], [.. shared.Select(c => second.Mean[c.Index])], totals),
            Balanced = balanced,
            BalancedP = balanced.StudentP(),
            OnlyFirst = [.. onlyFirst],
            OnlySecond = [.. onlySecond],
            FirstWithoutReply = shared.Sum(c => first.WithoutReply[c.Index]),
            SecondWithoutReply = shared.Sum(c => second.WithoutReply[c.Index]),
            CaseP = caseP,
            QuestionP = questions,
            AdjustedCaseP = 1,
            AdjustedQuestionP = 1,
            Family = new TestFamily(0),
        };
    }

    private static double[] Shares(int[] counts) => Array.ConvertAll(counts, count => (double)count);

    private static bool IsFirst(CaseCounts one, CaseCounts other, List<CaseFacts> shared)
    {
        var cases = Whole(one) - Whole(other);
        if (cases != 0) return cases > 0;
        var questions = shared.Sum(c => one.Correct[c.Index] - other.Correct[c.Index]);
        return questions != 0 ? questions > 0 : string.CompareOrdinal(one.Model.Model, other.Model.Model) <= 0;

        int Whole(CaseCounts model) => shared.Count(c => model.Correct[c.Index] == c.Questions.Length);
    }
}
