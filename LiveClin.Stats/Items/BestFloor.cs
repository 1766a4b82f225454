using System.Globalization;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Items;

/// <summary>
/// The highest question accuracy that needs no medicine: what a release's keys and options give away, and the baselines that were run on it.
/// </summary>
/// <param name="Name">What reaches it.</param>
/// <param name="Share">Question accuracy, 0 to 1; 0 without questions.</param>
public sealed record BestFloor(string Name, double Share)
{
    /// <summary>The best floor of a set's release.</summary>
    public static BestFloor Of(ResultSet set)
    {
        var questions = set.Cases.SelectMany(c => c.Questions).ToList();
        if (questions.Count == 0) return new BestFloor("none", 0);
        // A tie goes to the first letter.
        var constant = questions.GroupBy(q => q.Key, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).MaxBy(g => g.Count())!;
        List<BestFloor> floors = [new($"always {constant.Key}", (double)constant.Count() / questions.Count)];
        if (questions.TrueForAll(q => !q.Letters.IsEmpty))
            floors.Add(new BestFloor("guessing", questions.Average(q => 1.0 / q.Letters.Length)));
        if (questions.TrueForAll(q => q.OptionLengths.Length > 0))
            floors.Add(new BestFloor("the longest option", questions.Average(q => Longest(q) == q.Key ? 1.0 : 0)));
        floors.AddRange(
            from row in Leaderboard.Of(set).Rows
            where row.Ledger.Model.Kind == ModelKind.Floor && row.Ledger.Questions.Total > 0
            select new BestFloor(row.Ledger.Model.Model, row.Ledger.Questions.Value));
        return floors.MaxBy(floor => floor.Share)!;
    }

    private static string Longest(QuestionFacts question) => question.Letters[question.OptionLengths.IndexOf(question.OptionLengths.Max())];

    /// <summary>Whether a model's whole 95 % interval lies above it; where the cases show no spread, its accuracy.</summary>
    public bool IsExceededBy(LeaderboardRow row)
    {
        var interval = row.QuestionMean.Interval();
        return row.Ledger.Answered.Total > 0 && (double.IsFinite(interval.Low) ? interval.Low : row.Ledger.Questions.Value) > Share;
    }

    /// <summary>always A, 73.9 %.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, {Share * 100:0.0} %");
}
