using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Items;

/// <summary>How long a model stays without an error in a case, and what follows an error.</summary>
/// <param name="Points">By position.</param>
/// <param name="AfterError">Questions correct of those that directly follow one that was not.</param>
/// <param name="AfterSuccess">Questions correct of those that directly follow a correct one.</param>
public sealed record Survival(ImmutableArray<SurvivalPoint> Points, Ratio AfterError, Ratio AfterSuccess)
{
    /// <summary>
    /// The curve of a model: E. L. Kaplan, P. Meier, JASA 53 (1958) 457–481; a case that ends without an error is censored there.
    /// </summary>
    public static Survival Of(ResultSet set, ModelResults model)
    {
        var cases = set.Cases.Where(c => model.Covers[c.Index] && c.Questions.Length > 0).ToList();
        var longest = cases.Count > 0 ? cases.Max(c => c.Questions.Length) : 0;
        int[] atRisk = new int[longest], errors = new int[longest], followed = [0, 0], right = [0, 0];
        foreach (var @case in cases)
        {
            var clean = true;
            for (var i = 0; i < @case.Questions.Length; i++)
            {
                var correct = model.Answers[@case.FirstQuestion + i].IsCorrect;
                if (clean) atRisk[i]++;
                if (clean && !correct) errors[i]++;
                clean &= correct;
                if (i == 0) continue;
                var before = model.Answers[@case.FirstQuestion + i - 1].IsCorrect ? 1 : 0;
                followed[before]++;
                if (correct) right[before]++;
            }
        }

        var points = ImmutableArray.CreateBuilder<SurvivalPoint>(longest);
        var surviving = 1.0;
        for (var i = 0; i < longest; i++)
        {
            if (atRisk[i] > 0) surviving *= 1 - ((double)errors[i] / atRisk[i]);
            points.Add(new SurvivalPoint(i + 1, atRisk[i], errors[i], surviving));
        }

        return new Survival(points.MoveToImmutable(), new Ratio(right[0], followed[0]), new Ratio(right[1], followed[1]));
    }
}

/// <summary>A position on the survival curve.</summary>
/// <param name="Position">One-based position of the question.</param>
/// <param name="AtRisk">Cases that reach it without an error.</param>
/// <param name="FirstErrors">Of these, with an error here.</param>
/// <param name="Surviving">Estimated share of cases without an error up to and including it.</param>
public sealed record SurvivalPoint(int Position, int AtRisk, int FirstErrors, double Surviving);
