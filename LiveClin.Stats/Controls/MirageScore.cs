using System.Collections.Immutable;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>
/// How much of the accuracy on questions with images stays when the images do not: accuracy without over accuracy with them, on the
/// questions that change (arXiv:2603.21687). 1: nobody needs the pictures; 0: nothing is known without them.
/// </summary>
/// <param name="Condition">The condition without images.</param>
/// <param name="Value">The score; NaN where nothing is right with the images.</param>
/// <param name="Interval">Bootstrap interval over cases, 95 %.</param>
/// <param name="OtherChoice">Questions to which another option, or none, is chosen without the images.</param>
public sealed record MirageScore(string Condition, double Value, Interval Interval, Ratio OtherChoice)
{
    /// <summary>The scores of several conditions; those that change the same cases share their draws.</summary>
    internal static ImmutableArray<MirageScore> Of(IReadOnlyList<(ChangedQuestions Changed, ConditionEffect Effect)> conditions)
    {
        var scores = new Dictionary<string, MirageScore>(StringComparer.Ordinal);
        var cases = conditions.Select(condition => condition.Changed.Cases.Select(clinicalCase => clinicalCase.Index)
            .Where(index => condition.Changed.Total[index] > 0).ToList()).ToList();
        foreach (var alike in Enumerable.Range(0, conditions.Count).GroupBy(i => string.Join(',', cases[i])))
        {
            int[] members = [.. alike];
            int[][] columns = [.. members.SelectMany(i => (int[][])
                [[.. cases[i].Select(index => conditions[i].Changed.OtherCorrect[index])],
                    [.. cases[i].Select(index => conditions[i].Changed.PublishedCorrect[index])]])];
            var intervals = SumBootstrap.Intervals(columns,
                [.. members.Select((_, place) => (Func<int[], double>)(sums => Share(sums[2 * place], sums[(2 * place) + 1])))]);
            foreach (var (place, i) in members.Index())
            {
                var effect = conditions[i].Effect;
                scores[effect.Condition] = new MirageScore(
                    effect.Condition, Share(columns[2 * place].Sum(), columns[(2 * place) + 1].Sum()), intervals[place],
                    new Ratio(effect.OtherChoice, effect.Questions.Total));
            }
        }

        return [.. conditions.Select(condition => scores[condition.Effect.Condition])];

        // Both accuracies have the same denominator.
        static double Share(int without, int with) => with > 0 ? (double)without / with : double.NaN;
    }
}
