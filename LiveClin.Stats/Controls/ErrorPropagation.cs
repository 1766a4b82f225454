using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>How errors follow errors within a conversation. Pairs of neighbouring questions count where both have a reply.</summary>
/// <param name="WrongAfterWrong">Questions wrong of those that follow a wrong one.</param>
/// <param name="WrongAfterRight">Questions wrong of those that follow a right one.</param>
/// <param name="RatioInterval">Bootstrap interval of <see cref="Ratio"/> over cases, 95 %.</param>
public sealed record ErrorPropagation(Ratio WrongAfterWrong, Ratio WrongAfterRight, Interval RatioInterval)
{
    /// <summary>
    /// P(wrong | previous wrong) over P(wrong | previous right); NaN where one of them is not known, infinite where no error follows a
    /// right answer.
    /// </summary>
    public double Ratio => WrongAfterWrong.Value / WrongAfterRight.Value;

    /// <summary>Counts over the cases that a model covers.</summary>
    public static ErrorPropagation Of(ResultSet set, ModelResults model)
    {
        var cases = set.Cases.Where(clinicalCase => model.Covers[clinicalCase.Index]).ToList();
        // By case: follow a wrong one, of these wrong, follow a right one, of these wrong.
        int[][] columns = [new int[cases.Count], new int[cases.Count], new int[cases.Count], new int[cases.Count]];
        foreach (var (i, clinicalCase) in cases.Index())
        {
            for (var position = clinicalCase.FirstQuestion + 1; position < clinicalCase.FirstQuestion
                + clinicalCase.Questions.Length; position++)
            {
                var (before, now) = (model.Answers[position - 1], model.Answers[position]);
                if (!before.HasReply || !now.HasReply) continue;
                var from = before.IsCorrect ? 2 : 0;
                columns[from][i]++;
                if (!now.IsCorrect) columns[from + 1][i]++;
            }
        }

        return new ErrorPropagation(
            new Ratio(columns[1].Sum(), columns[0].Sum()), new Ratio(columns[3].Sum(), columns[2].Sum()),
            SumBootstrap.Interval(columns, sums => (double)sums[1] / sums[0] / ((double)sums[3] / sums[2])));
    }
}
