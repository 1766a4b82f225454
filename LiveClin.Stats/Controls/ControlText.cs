using System.Globalization;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>The controls in words: no more than the tests allow.</summary>
public static class ControlText
{
    /// <summary>The score itself, in half a sentence.</summary>
    public static string Published(ModelControls controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        return $"{Share(controls.Cases)} of the cases{Range(controls.CaseInterval)}, "
            + string.Create(CultureInfo.InvariantCulture,
                $"{Percent(controls.Questions.Mean)} of {controls.Questions.Questions:#,0} questions as published")
            + Range(controls.QuestionInterval) + (controls.IsPartial ? "; a part of the release, not its score" : "");
    }

    /// <summary>All that can be said of a model, a sentence each, in the order in which every output shows it.</summary>
    public static IEnumerable<string> Sentences(ModelControls controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        foreach (var step in controls.Steps.Where(step => step.Effect is not null)) yield return step.Sentence;
        if (controls.NotRun.Any()) yield return $"Not run: {string.Join(", ", controls.NotRun.Select(step => step.Condition))}.";
        if (controls.Floor is { } floor) yield return $"floor: {floor.Statement}";
        foreach (var mirage in controls.Mirage) yield return $"mirage, {Of(mirage)}";
        yield return controls.Order is { } order ? Of(order) : NoOrder;
        yield return Of(controls.Errors);
        yield return controls.History is { } history ? Of(history) : NoHistory;
        yield return controls.Luck is { } luck ? luck.Statement : NoLuck;
        foreach (var sentence in Repeated(controls)) yield return sentence;
        if (controls.Recency is { } recency) yield return Of(recency);
        if (controls.WithoutWrongKeys is { } clean) yield return Of(clean);
        yield return Correction(controls);
    }

    /// <summary>A sentence on each condition that was asked several times.</summary>
    public static IEnumerable<string> Repeated(ModelControls controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        return
            from effect in controls.Effects
            let epochs = effect.Epochs
            where epochs is not null
            select $"{effect.Condition}, all questions of its cases: {epochs.Statement}";
    }

    /// <summary>Said where no other order of the options was run.</summary>
    public const string NoOrder = "Position: no other order of the options was run.";

    /// <summary>Said where <c>gold-history</c> was not run.</summary>
    public const string NoHistory = "History: gold-history was not run.";

    /// <summary>Said where everything was asked once.</summary>
    public const string NoLuck = "Luck: everything was asked once, which does not show how much of it was luck.";

    /// <summary>One sentence on what a condition does to the score.</summary>
    public static string Of(ConditionEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return effect.Review is { } review ? $"{Difference(effect)} {review.Statement}" : Difference(effect);
    }

    private static string Difference(ConditionEffect effect)
    {
        if (effect.Questions.Total == 0) return $"{effect.Condition}: no changed question was asked of both.";
        var figures = $"{Share(effect.PublishedQuestions)} as published, {Share(effect.Questions)} under it";
        var count = effect.WithoutReply + effect.PublishedWithoutReply;
        var missing = count == 0 ? "" : $" {count} missing repl{(count == 1 ? "y counts" : "ies count")} as wrong.";
        if (!effect.IsTested) return $"{effect.Condition}: {figures}; too little to test.{missing}";
        var interval = effect.QuestionDifference.Interval();
        var points = $"{Points(effect.QuestionDifference.Difference)}{PointRange(interval)}; corrected p {P(effect.AdjustedQuestionP)}";
        var verdict = effect.IsTold
            ? $"the accuracy on the changed questions is {(effect.QuestionDifference.Difference < 0 ? "lower" : "higher")}"
            : "no difference is shown, which is no proof that there is none";
        return $"{effect.Condition}: {verdict} ({figures}: {points}).{missing}";
    }

    /// <summary>One sentence on a condition that was not run.</summary>
    public static string NotRun(ControlStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Command is null
            ? $"{step.Condition}: not run; how the model was asked is not known here, so that no command can be given."
            : $"{step.Condition}: not run; this command runs it.";
    }

    /// <summary>What p-values are corrected over.</summary>
    public static string Correction(ModelControls controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        return controls.Tests == 0 ? "No condition can be tested yet, so that nothing is corrected."
            : $"p-values are corrected by Holm over the {controls.Tests} tests of this model (of each condition whole cases and questions, where they can be tested).";
    }

    /// <summary>What p-values are corrected over where several models stand.</summary>
    public const string CorrectionOfAll =
        "p-values are corrected by Holm over all tests of a model (of each condition whole cases and questions); models are not corrected against each other, "
        + "so that among many models some difference is told by chance more often than the 5 % that hold for each.";

    /// <summary>One sentence on what stays without the images.</summary>
    public static string Of(MirageScore mirage)
    {
        ArgumentNullException.ThrowIfNull(mirage);
        return double.IsNaN(mirage.Value)
            ? $"{mirage.Condition}: nothing was right with the images, so there is no mirage score."
            : $"{mirage.Condition}: {Percent(mirage.Value)} of the accuracy on the questions that it changes stays{Range(mirage.Interval)}; "
                + $"another answer is given to {Share(mirage.OtherChoice)} of them.";
    }

    /// <summary>One sentence on the options' order.</summary>
    public static string Of(OrderControl order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Consistent.Total == 0) return "Position: no question was asked in all orders.";
        return $"The same option is chosen in all {order.Orders.Length} orders for {Share(order.Consistent)} of the questions asked in all of them{Range(order.ConsistentInterval)}; "
            + $"{Share(order.RightInAll)} are right in all of them{Range(order.RightInAllInterval)}, {Share(order.RightInAny)} in at least one. "
            + $"Spread of the recall over letters: {string.Join(", ", order.Orders.Select(each => $"{each.Condition} {Number(100 * each.Spread)}"))} points.";
    }

    /// <summary>One sentence on errors that follow errors.</summary>
    public static string Of(ErrorPropagation errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (errors.WrongAfterWrong.Total + errors.WrongAfterRight.Total == 0)
            return "Errors: no two questions of a case in a row have replies.";
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

    /// <summary>The score without the questions whose key was found wrong.</summary>
    public static string Of(ScoreWithoutWrongKeys score)
    {
        ArgumentNullException.ThrowIfNull(score);
        return $"Without the {score.Removed} question{(score.Removed == 1 ? "" : "s")} whose key reviewers found wrong: {Share(score.Cases)} of the cases, "
            + $"{Share(score.Questions)} of the questions. The published score stays as it is.";
    }

    /// <summary>The recency gap with its caveat.</summary>
    public static string Of(RecencyGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        if (gap.Before.Clusters == 0 || gap.After.Clusters == 0)
        {
            return $"Recency gap at {gap.Cutoff:yyyy-MM-dd}: {gap.Before.Clusters} cases are earlier and {gap.After.Clusters} later, so that there is nothing to compare; "
                + $"{gap.Undated} cases have no date.";
        }

        return $"Recency gap at {gap.Cutoff:yyyy-MM-dd}: {Percent(gap.Before.Mean)} on {gap.Before.Clusters} earlier cases, "
            + $"{Percent(gap.After.Mean)} on {gap.After.Clusters} later ones: {Points(gap.Difference)}{PointRange(gap.Interval())}; "
            + $"{gap.Undated} cases have no date. {RecencyGap.Caveat}";
    }

    /// <summary><c>34/46 (73.9 %)</c>.</summary>
    public static string Share(Ratio ratio) => ratio.Total == 0 ? "0/0" : $"{ratio.Count}/{ratio.Total} ({Percent(ratio.Value)})";

    /// <summary><c>0.012</c>, <c>&lt; 0.001</c>.</summary>
    public static string P(double value) => value < 0.001 ? "< 0.001" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Range(Interval interval) =>
        double.IsNaN(interval.Low) ? "" : $" (95 %: {Percent(interval.Low)} to {Percent(interval.High)})";

    private static string PointRange(Interval interval) =>
        double.IsNaN(interval.Low) ? "" : $", 95 %: {Points(interval.Low)} to {Points(interval.High)}";

    private static string Percent(double share) =>
        double.IsNaN(share) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Points(double difference) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * difference:+0.0;−0.0;0.0} points");

    private static string Number(double value, int digits = 1) =>
        double.IsFinite(value) ? value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "–";
}
