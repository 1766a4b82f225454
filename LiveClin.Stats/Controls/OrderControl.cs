using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>
/// How much a score lives in the options' places: the published order beside others, on the questions that all of them ask.
/// </summary>
/// <param name="Orders">Each order with its recall by letter; the published one first.</param>
/// <param name="Consistent">Questions to which the same option is chosen in all orders.</param>
/// <param name="RightInAll">Questions that are right in all orders.</param>
/// <param name="RightInAny">Questions that are right in at least one order.</param>
/// <param name="ConsistentInterval">Interval of <see cref="Consistent"/>, clustered by case, 95 %.</param>
/// <param name="RightInAllInterval">Interval of <see cref="RightInAll"/>, likewise.</param>
public sealed record OrderControl(
    ImmutableArray<OrderRecall> Orders, Ratio Consistent, Ratio RightInAll, Ratio RightInAny, Interval ConsistentInterval,
    Interval RightInAllInterval)
{
    /// <summary>Counts over the published results and those under other orders; null without any other order.</summary>
    internal static OrderControl? Of(ResultSet set, ModelResults published, IReadOnlyList<ModelResults> others)
    {
        if (others.Count == 0) return null;
        ModelResults[] orders = [published, .. others];
        var cases = set.SharedCases(orders).Where(clinicalCase => clinicalCase.Questions.Length > 0).ToList();
        var positions = cases.ToDictionary(
            clinicalCase => clinicalCase.Index, clinicalCase =>
                Enumerable.Range(clinicalCase.FirstQuestion, clinicalCase.Questions.Length).ToArray());
        var questions = cases.SelectMany(clinicalCase => clinicalCase.Questions.Select(
            (question, i) => KeyValuePair.Create(clinicalCase.FirstQuestion + i, question))).ToDictionary();
        var consistent = Count(position => questions[position].Meant(orders[0].Answers[position].Letter) is { } meant
            && orders.All(order => questions[position].Meant(order.Answers[position].Letter) == meant));
        var rightInAll = Count(position => orders.All(order => order.Answers[position].IsCorrect));
        var rightInAny = Count(position => orders.Any(order => order.Answers[position].IsCorrect));
        return new OrderControl(
            [.. orders.Select(order => OrderRecall.Of(set, order, cases))], Sum(consistent), Sum(rightInAll), Sum(rightInAny),
            ClusteredMean.Estimate(consistent).Interval(), ClusteredMean.Estimate(rightInAll).Interval());

        List<Ratio> Count(Func<int, bool> counts) =>
            [.. cases.Select(clinicalCase => new Ratio(positions[clinicalCase.Index].Count(counts), clinicalCase.Questions.Length))];
    }

    private static Ratio Sum(List<Ratio> cases) => new(cases.Sum(ratio => ratio.Count), cases.Sum(ratio => ratio.Total));
}

/// <summary>Recall by the key's letter as shown, under one order.</summary>
/// <param name="Condition">The order.</param>
/// <param name="Questions">Accuracy over all its questions here.</param>
/// <param name="Letters">By letter, in their order: questions right of those whose key is shown under it.</param>
/// <param name="Spread">Population standard deviation of the recalls over letters that are keys (RStd of arXiv:2309.03882).</param>
public sealed record OrderRecall(string Condition, Ratio Questions, ImmutableArray<KeyValuePair<char, Ratio>> Letters, double Spread)
{
    internal static OrderRecall Of(ResultSet set, ModelResults order, IReadOnlyList<CaseFacts> cases)
    {
        var keyed = from clinicalCase in cases
                    from question in clinicalCase.Questions
                    let position = clinicalCase.FirstQuestion + question.Index
                    let key = order.Asked?.ShownKeys[position] ?? (question.Key is [var letter] ? letter : '\0')
                    where key != '\0'
                    group order.Answers[position].IsCorrect by key into letters
                    orderby letters.Key
                    select KeyValuePair.Create(letters.Key, new Ratio(letters.Count(isRight => isRight), letters.Count()));
        ImmutableArray<KeyValuePair<char, Ratio>> recalls = [.. keyed];
        var mean = recalls.IsEmpty ? double.NaN : recalls.Average(letter => letter.Value.Value);
        return new OrderRecall(
            order.Condition,
            new Ratio(recalls.Sum(letter => letter.Value.Count), recalls.Sum(letter => letter.Value.Total)), recalls,
            recalls.IsEmpty ? double.NaN : Math.Sqrt(recalls.Average(letter => Math.Pow(letter.Value.Value - mean, 2))));
    }
}
