using System.Globalization;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>The controls in words: no more than the tests allow.</summary>
public static class ControlText
{
    /// <summary>One sentence on what a condition does to the score.</summary>
    public static string Of(ConditionEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        if (effect.Questions.Total == 0) return $"{effect.Condition}: no changed question was asked of both.";
        var figures = $"{Share(effect.PublishedQuestions)} as published, {Share(effect.Questions)} under it";
        if (!effect.IsTested) return $"{effect.Condition}: {figures}; too little to test.";
        var interval = effect.QuestionDifference.Interval();
        var points = $"{Points(effect.QuestionDifference.Difference)}{PointRange(interval)}; corrected p {P(effect.AdjustedQuestionP)}";
        var verdict = effect.IsTold
            ? $"the accuracy on the changed questions is {(effect.QuestionDifference.Difference < 0 ? "lower" : "higher")}"
            : "no difference is shown, which is no proof that there is none";
        var count = effect.WithoutReply + effect.PublishedWithoutReply;
        var missing = count == 0 ? "" : $" {count} missing repl{(count == 1 ? "y counts" : "ies count")} as wrong.";
        return $"{effect.Condition}: {verdict} ({figures}: {points}).{missing}";
    }

    /// <summary>One sentence on what stays without the images.</summary>
    public static string Of(MirageScore mirage)
    {
        ArgumentNullException.ThrowIfNull(mirage);
        return double.IsNaN(mirage.Value)
            ? $"{mirage.Condition}: nothing was right with the images, so there is no mirage score."
            : $"{mirage.Condition}: {Percent(mirage.Value)} of the accuracy on questions with images stays{Range(mirage.Interval)}; "
                + $"another answer is given to {Share(mirage.OtherChoice)} of them.";
    }

    /// <summary>One sentence on the options' order.</summary>
    public static string Of(OrderControl order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return $"The same option is chosen in all {order.Orders.Length} orders for {Share(order.Consistent)} of the questions{Range(order.ConsistentInterval)}; "
            + $"{Share(order.RightInAll)} are right in all of them{Range(order.RightInAllInterval)}, {Share(order.RightInAny)} in at least one. "
            + $"Spread of the recall over letters: {string.Join(", ", order.Orders.Select(each => $"{each.Condition} {Number(100 * each.Spread)}"))} points.";
    }

    /// <summary>One sentence on errors that follow errors.</summary>
    public static string Of(ErrorPropagation errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var interval = errors.RatioInterval;
        return $"After a wrong answer {Share(errors.WrongAfterWrong)} are wrong, after a right one {Share(errors.WrongAfterRight)}: "
            + $"a ratio of {Number(errors.Ratio, 2)}{(double.IsNaN(interval.Low) ? "" : $", 95 %: {Number(interval.Low, 2)} to {Number(interval.High, 2)}")}. "
            + "Hard cases alone make it larger than 1.";
    }

    /// <summary>One sentence on the own history's part.</summary>
    public static string Of(HistoryControl history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return $"Whole cases right: {Share(history.Published)} as published ({Percent(history.PublishedIfIndependent)} if its questions were independent), "
            + $"{Share(history.Gold)} with the right history ({Percent(history.GoldIfIndependent)}).";
    }

    /// <summary>The recency gap with its caveat.</summary>
    public static string Of(RecencyGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        return $"Recency gap at {gap.Cutoff:yyyy-MM-dd}: {Percent(gap.Before.Mean)} on {gap.Before.Clusters} earlier cases, "
            + $"{Percent(gap.After.Mean)} on {gap.After.Clusters} later ones: {Points(gap.Difference)}{PointRange(gap.Interval())}; "
            + $"{gap.Undated} cases have no date. {RecencyGap.Caveat}";
    }

    /// <summary><c>34/46 (73.9 %)</c>.</summary>
    public static string Share(Ratio ratio) => ratio.Total == 0 ? "0/0" : $"{ratio.Count}/{ratio.Total} ({Percent(ratio.Value)})";

    /// <summary><c>0.012</c>, <c>&lt; 0.001</c>.</summary>
    public static string P(double value) => value < 0.001 ? "< 0.001" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Range(Interval interval) => double.IsNaN(interval.Low) ? "" : $" (95 %: {Percent(interval.Low)} to {Percent(interval.High)})";

    private static string PointRange(Interval interval) =>
        double.IsNaN(interval.Low) ? "" : $", 95 %: {Points(interval.Low)} to {Points(interval.High)}";

    private static string Percent(double share) => double.IsNaN(share) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Points(double difference) => string.Create(CultureInfo.InvariantCulture, $"{100 * difference:+0.0;−0.0;0.0} points");

    private static string Number(double value, int digits = 1) =>
        double.IsFinite(value) ? value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "–";
}
