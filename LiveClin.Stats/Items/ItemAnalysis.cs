using System.Collections.Immutable;
using LiveClin.Stats.Floors;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Items;

/// <summary>What the models' answers say about a question.</summary>
public sealed record ItemStatistics
{
    /// <summary>The case.</summary>
    public required string CaseId { get; init; }

    /// <summary>Zero-based position of the question in it.</summary>
    public required int Question { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// Models that got it right, of those that cover it; floors are not counted, nor are simulated examinees beside models. The share is
    /// the item's difficulty (1 is easiest).
    /// </summary>
    public required Ratio Correct { get; init; }

    /// <summary>
    /// Correlation, over models, of this question with the model's accuracy on all others; NaN with fewer than three models or without
    /// variation.
    /// </summary>
    public required double PointBiserial { get; init; }

    /// <summary>Models by the letter that they chose.</summary>
    public required ImmutableSortedDictionary<char, int> Chosen { get; init; }

    /// <summary>Good models that miss it, of those with a reply to it.</summary>
    public required Ratio MissedByGood { get; init; }

    /// <summary>The wrong letter that more than half of at least five good models choose; null when there is none.</summary>
    public required char? GoodModelsPrefer { get; init; }

    /// <summary>True when nearly all good models miss it: its key deserves a look by a physician. It is no proof.</summary>
    public bool IsSuspect => MissedByGood.Total >= ItemAnalysis.FewestGoodModels && MissedByGood.Value >= ItemAnalysis.NearlyAll;
}

/// <summary>
/// All questions of a set, by difficulty and discrimination; classical item analysis (R. L. Ebel, D. A. Frisbie, "Essentials of
/// educational measurement", 1991, chapter 13).
/// </summary>
/// <param name="GoodModels">The models that exceed the floors; floors are never good.</param>
/// <param name="Items">The questions, in order.</param>
/// <param name="Floor">What a good model must exceed (<see cref="FloorCheck"/>); null without questions.</param>
public sealed record ItemAnalysis(ImmutableArray<string> GoodModels, ImmutableArray<ItemStatistics> Items, ReleaseFloor? Floor)
{
    /// <summary>Share of good models that must miss a question to make it suspect.</summary>
    public const double NearlyAll = 0.8;

    /// <summary>Fewer good models than this say nothing about a key.</summary>
    public const int FewestGoodModels = 5;

    /// <summary>What is missing before anything can be said of a key; null when nothing is.</summary>
    public string? Missing => GoodModels.Length >= FewestGoodModels ? null
        : $"Nothing is concluded about keys: it takes at least {FewestGoodModels} models that lie above the best floor ({Floor}) "
            + "with the whole 95 % interval of their difference to it; "
            + (GoodModels.Length == 0 ? "there is none."
                : $"there {(GoodModels.Length == 1 ? "is" : "are")} {GoodModels.Length}: {string.Join(", ", GoodModels)}.");

    /// <summary>The questions whose keys deserve a look, the most agreed-upon first.</summary>
    public IEnumerable<ItemStatistics> Suspects =>
        Items.Where(i => i.IsSuspect).OrderByDescending(i => i.GoodModelsPrefer is not null).ThenBy(i => i.Correct.Value);

    /// <summary>The analysis of every question.</summary>
    public static ItemAnalysis Of(ResultSet set) => set.Once(Compute);

    private static ItemAnalysis Compute(ResultSet set)
    {
        var models = set.Counted.ToList();
        var scores = models.ConvertAll(m => Score(set, m));
        var checks = FloorCheck.Of(set);
        var good = models.ConvertAll(m => checks.TryGetValue(m.Model, out var check) && check.IsAbove);
        var items = set.Cases.AsParallel().AsOrdered().WithDegreeOfParallelism(Cores.ForWork.MaxDegreeOfParallelism)
            .SelectMany(@case => @case.Questions.Select(question => Analyze(@case, question, models, scores, good)));
        return new ItemAnalysis([.. models.Where((_, i) => good[i]).Select(m => m.Model)], [.. items], ReleaseFloors.Of(set).Best);
    }

    private static Ratio Score(ResultSet set, ModelResults model) =>
        new(model.Answers.Count(a => a.IsCorrect), set.Cases.Where(c => model.Covers[c.Index]).Sum(c => c.Questions.Length));

    private static ItemStatistics Analyze(CaseFacts @case, QuestionFacts question, List<ModelResults> models, List<Ratio> scores,
        List<bool> good)
    {
        int correct = 0, covering = 0, missed = 0, goodCovering = 0;
        var chosen = new Dictionary<char, int>();
        var preferred = new Dictionary<char, int>();
        var pairs = new List<(double Item, double Others)>(models.Count);
        for (var i = 0; i < models.Count; i++)
        {
            if (!models[i].Covers[@case.Index]) continue;
            var answer = models[i].Answers[@case.FirstQuestion + question.Index];
            covering++;
            if (answer.IsCorrect) correct++;
            if (answer.Letter is { } letter) chosen[letter] = chosen.GetValueOrDefault(letter) + 1;
            if (scores[i].Total > 1)
                pairs.Add((answer.IsCorrect ? 1 : 0, (double)(scores[i].Count - (answer.IsCorrect ? 1 : 0)) / (scores[i].Total - 1)));
            // A failure says nothing about the key, and of a key that is not known nothing can be said.
            if (!good[i] || !answer.HasReply || question.Key.Length == 0) continue;
            goodCovering++;
            if (answer.IsCorrect) continue;
            missed++;
            if (answer.Letter is { } wrong) preferred[wrong] = preferred.GetValueOrDefault(wrong) + 1;
        }

        // More than half: no second letter can have as many.
        var most = preferred.FirstOrDefault(p => p.Value * 2 > goodCovering);
        char? favourite = goodCovering >= FewestGoodModels && most.Value > 0 ? most.Key : null;
        return new ItemStatistics
        {
            CaseId = @case.Id, Question = question.Index, Key = question.Key,
            Correct = new Ratio(correct, covering), PointBiserial = Correlation(pairs), Chosen = chosen.ToImmutableSortedDictionary(),
            MissedByGood = new Ratio(missed, goodCovering), GoodModelsPrefer = favourite,
        };
    }

    private static double Correlation(List<(double Item, double Others)> pairs)
    {
        if (pairs.Count < 3) return double.NaN;
        double item = pairs.Average(p => p.Item), rest = pairs.Average(p => p.Others), product = 0, items = 0, rests = 0;
        foreach (var pair in pairs)
        {
            product += (pair.Item - item) * (pair.Others - rest);
            items += (pair.Item - item) * (pair.Item - item);
            rests += (pair.Others - rest) * (pair.Others - rest);
        }

        return items > 0 && rests > 0 ? product / Math.Sqrt(items * rests) : double.NaN;
    }
}
