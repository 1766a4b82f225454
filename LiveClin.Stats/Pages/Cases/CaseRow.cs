using System.Collections.Immutable;
using LiveClin.Core.Statistics;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>A case with every model's result, as the list of cases shows and filters it.</summary>
public sealed record CaseRow
{
    /// <summary>The case.</summary>
    public required CaseFacts Case { get; init; }

    /// <summary>
    /// By model, in the order of the leaderboard: number of correct questions; -1 where the model does not cover the case.
    /// </summary>
    public required ImmutableArray<int> Correct { get; init; }

    /// <summary>Models that count (<see cref="ResultSet.Counted"/>) and get the whole case right.</summary>
    public required int Right { get; init; }

    /// <summary>Models that count and cover the case.</summary>
    public required int Models { get; init; }

    /// <summary>Share of questions that those models get right; NaN without any.</summary>
    public required double Mean { get; init; }

    /// <summary>Classes of the questions' stages.</summary>
    public required ImmutableArray<string> Stages { get; init; }

    /// <summary>Modalities of the figures.</summary>
    public required ImmutableArray<string> Modalities { get; init; }

    /// <summary>True when some of those models get the whole case right and some do not.</summary>
    public bool IsSplit => Right > 0 && Right < Models;

    /// <summary>Lays all cases of a set out.</summary>
    public static ImmutableArray<CaseRow> Of(ResultSet set, ImmutableArray<ModelResults> models) =>
        [.. set.Cases.Select(@case => Of(@case, models, set.Counted))];

    private static CaseRow Of(CaseFacts @case, ImmutableArray<ModelResults> models, IReadOnlyList<ModelResults> counted)
    {
        var correct = models.Select(m => m.Covers[@case.Index] ? m.CorrectIn(@case) : -1).ToImmutableArray();
        var (right, count, sum) = (0, 0, 0);
        for (var i = 0; i < models.Length; i++)
        {
            if (!counted.Contains(models[i]) || correct[i] < 0) continue;
            count++;
            sum += correct[i];
            if (correct[i] == @case.Questions.Length) right++;
        }

        return new CaseRow
        {
            Case = @case, Correct = correct, Right = right, Models = count,
            Mean = count * @case.Questions.Length is > 0 and var total ? (double)sum / total : double.NaN,
            Stages = [.. @case.Questions.Select(q => Labels.Stage(q.Stage)).Distinct()],
            Modalities = [.. @case.Questions.SelectMany(q => q.ImageTypes).SelectMany(t => Labels.ImageModalities(t)).Distinct()],
        };
    }
}
