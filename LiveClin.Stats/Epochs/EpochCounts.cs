using LiveClin.Core.Answers;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Epochs;

/// <summary>A model's correct questions of a case, epoch by epoch: those epochs that have dealt with the case.</summary>
internal sealed class EpochCounts
{
    private readonly List<int> _correct = [];

    private EpochCounts(CaseFacts clinicalCase) => Case = clinicalCase;

    public CaseFacts Case { get; }

    /// <summary>Epochs in which the case was dealt with, at least 1.</summary>
    public int Epochs => _correct.Count;

    /// <summary>Mean number of correct questions; of one epoch exactly its number.</summary>
    public double Mean => (double)_correct.Sum() / Epochs;

    /// <summary>Share of the epochs that got the whole case right.</summary>
    public double Whole => (double)_correct.Count(correct => correct == Case.Questions.Length) / Epochs;

    /// <summary>Sample variance of the number of correct questions over epochs; 0 with one.</summary>
    public double Variance => SampleVariance(count => count);

    /// <summary>Sample variance of getting the whole case right; 0 with one.</summary>
    public double WholeVariance => SampleVariance(count => count == Case.Questions.Length ? 1 : 0);

    /// <summary>By question of the case: in how many epochs it is right.</summary>
    public required int[] RightByQuestion { get; init; }

    /// <summary>A model's counts, by case that it covers.</summary>
    public static List<EpochCounts> Of(ModelResults model, IEnumerable<CaseFacts> cases) =>
        [.. cases.Where(clinicalCase => model.Covers[clinicalCase.Index] && clinicalCase.Questions.Length > 0)
            .Select(clinicalCase => Count(model, clinicalCase))];

    private static EpochCounts Count(ModelResults model, CaseFacts clinicalCase)
    {
        var counts = new EpochCounts(clinicalCase) { RightByQuestion = new int[clinicalCase.Questions.Length] };
        counts.Add(place => model.Answers[place].IsCorrect);
        foreach (var epoch in model.LaterEpochs.Where(epoch => epoch.Covers(clinicalCase)))
            counts.Add(place => epoch.Answers[place] == Outcome.Correct);
        return counts;
    }

    private void Add(Func<int, bool> isCorrect)
    {
        var correct = 0;
        for (var i = 0; i < RightByQuestion.Length; i++)
        {
            if (!isCorrect(Case.FirstQuestion + i)) continue;
            correct++;
            RightByQuestion[i]++;
        }

        _correct.Add(correct);
    }

    private double SampleVariance(Func<int, double> value)
    {
        if (Epochs < 2) return 0;
        var mean = _correct.Average(value);
        return _correct.Sum(count => (value(count) - mean) * (value(count) - mean)) / (Epochs - 1);
    }
}
