using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>
/// How much of the accuracy on questions with images stays when the images do not: accuracy without over accuracy with them, on the questions
/// that change (arXiv:2603.21687). 1: nobody needs the pictures; 0: nothing is known without them.
/// </summary>
/// <param name="Condition">The condition without images.</param>
/// <param name="Value">The score; NaN where nothing is right with the images.</param>
/// <param name="Interval">Bootstrap interval over cases, 95 %.</param>
/// <param name="OtherChoice">Questions to which another option, or none, is chosen without the images.</param>
public sealed record MirageScore(string Condition, double Value, Interval Interval, Ratio OtherChoice)
{
    internal static MirageScore Of(ChangedQuestions changed, ConditionEffect effect)
    {
        var cases = changed.Cases.Select(clinicalCase => clinicalCase.Index).Where(index => changed.Total[index] > 0).ToList();
        int[] without = [.. cases.Select(index => changed.OtherCorrect[index])], with = [.. cases.Select(index => changed.PublishedCorrect[index])];
        return new MirageScore(
            effect.Condition, Share([without.Sum(), with.Sum()]), SumBootstrap.Interval([without, with], Share),
            new Ratio(effect.OtherChoice, effect.Questions.Total));

        // Both accuracies have the same denominator.
        static double Share(int[] sums) => sums[1] > 0 ? (double)sums[0] / sums[1] : double.NaN;
    }
}
