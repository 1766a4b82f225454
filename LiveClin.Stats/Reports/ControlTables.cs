using System.Collections.Immutable;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Reports;

/// <summary>What scores are made of, as far as conditions were run.</summary>
internal static class ControlTables
{
    /// <summary>Models by conditions, those that say much and were not run included.</summary>
    public static ReportTable Conditions(Report report) => new(
        "controls", "What the scores are made of",
        "Each condition against the published way, on the questions that it changes and the cases that it is asked of: condition minus published. "
        + "Clustered by case; exact McNemar on cases, sign-flip permutation over cases on questions. Questions without a reply count as wrong. "
        + ControlText.CorrectionOfAll,
        ["Model", "Condition", "Changed questions", "Published questions", "Questions", "95 % of questions", "Question difference",
            "95 % of question difference",
            "p of questions", "Corrected p of questions", "Asked cases", "Published cases", "Cases", "Case difference",
            "95 % of case difference", "p of cases",
            "Corrected p of cases", "Lost", "Gained", "Other choice", "Finding", "Command"],
        [.. Of(report).SelectMany(model => model.Steps.Select(step => Row(model.Model, step)))]);

    /// <summary>Recall by the key's letter, order by order.</summary>
    public static ReportTable Orders(Report report) => new(
        "orders", "Position: recall by the key's letter as shown",
        "Questions right of those whose key is shown under a letter, on the questions that all orders ask. Spread: standard deviation over letters (RStd).",
        ["Model", "Order", "Questions", "Letter", "Recall", "Spread"],
        [.. Of(report).Where(model => model.Order is not null)
            .SelectMany(model => model.Order!.Orders.SelectMany(order => order.Letters.Select(letter =>
            ReportTables.Row(model.Model, order.Condition, ReportTables.Share(order.Questions), letter.Key.ToString(),
                ReportTables.Share(letter.Value), ReportTables.Percent(order.Spread)))))]);

    /// <summary>All that is said of a model, a sentence each.</summary>
    public static ReportTable Others(Report report) => new(
        "control-findings", "What the scores are made of, in words", "No more than the tests allow.", ["Model", "Finding"],
        [.. Of(report).SelectMany(model => ControlText.Sentences(model).Select(sentence => ReportTables.Row(model.Model, sentence)))]);

    private static ImmutableArray<ModelControls> Of(Report report) => report.Controls ?? [];

    private static ImmutableArray<ReportCell> Row(string model, ControlStep step) => step.Effect is not { } effect
        ? [model, step.Condition, .. Enumerable.Repeat<ReportCell>("", 18), step.Sentence, step.Command ?? ""]
        : ReportTables.Row(
            model, step.Condition, ReportTables.Number(effect.Questions.Total), ReportTables.Share(effect.PublishedQuestions),
            ReportTables.Share(effect.Questions),
            ReportTables.Range(effect.QuestionInterval), ReportTables.Points(effect.QuestionDifference.Difference),
            ReportTables.Ends(effect.QuestionDifference),
            P(effect.IsTested, effect.QuestionP), P(effect.IsTested, effect.AdjustedQuestionP), ReportTables.Number(effect.Cases.Total),
            ReportTables.Share(effect.PublishedCases),
            ReportTables.Share(effect.Cases), ReportTables.Points(effect.CaseDifference.Difference),
            ReportTables.PointEnds(effect.CaseDifferenceInterval),
            P(effect.AreCasesTested, effect.CaseP), P(effect.AreCasesTested, effect.AdjustedCaseP), ReportTables.Number(effect.Lost),
            ReportTables.Number(effect.Gained),
            ReportTables.Share(new Ratio(effect.OtherChoice, effect.Questions.Total)), step.Sentence, "");

    private static ReportCell P(bool isTested, double value) => ReportTables.P(isTested ? value : double.NaN);
}
