using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Uncertainty;

/// <summary>Observed case accuracy beside what it would be if the questions of a case were answered independently.</summary>
/// <param name="Observed">Cases with every question correct.</param>
/// <param name="Expected">Expected share: the mean over cases of the product of the model's accuracies at each position.</param>
public sealed record Independence(Ratio Observed, double Expected)
{
    /// <summary>Compares a model's cases with independence.</summary>
    public static Independence Of(ResultSet set, ModelResults model)
    {
        var cases = set.Cases.Where(c => model.Covers[c.Index] && c.Questions.Length > 0).ToList();
        var longest = cases.Count > 0 ? cases.Max(c => c.Questions.Length) : 0;
        var correct = new int[longest];
        var total = new int[longest];
        foreach (var @case in cases)
        {
            for (var i = 0; i < @case.Questions.Length; i++)
            {
                total[i]++;
                if (model.Answers[@case.FirstQuestion + i].IsCorrect) correct[i]++;
            }
        }

        var expected = cases.Count > 0
            ? cases.Average(@case => Enumerable.Range(0, @case.Questions.Length)
            .Aggregate(1.0, (product, i) => product * correct[i] / total[i])) : double.NaN;
        return new Independence(new Ratio(cases.Count(model.IsCaseCorrect), cases.Count), expected);
    }
}
