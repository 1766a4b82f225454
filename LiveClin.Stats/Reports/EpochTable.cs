using LiveClin.Stats.Epochs;

namespace LiveClin.Stats.Reports;

/// <summary>What asking everything several times shows; without rows where everything was asked once.</summary>
internal static class EpochTable
{
    public static ReportTable Of(Report report) => new(
        "epochs", "Over epochs",
        "Mean over epochs, clustered by case; all other tables are of the first epoch. Within: mean sample variance of a question's being right over epochs; "
        + "between: variance over cases of their mean question accuracy without it. More epochs: beyond them the error of the question accuracy "
        + "falls by no more than 5 %.",
        ["Model", "Epochs", "Question mean", "95 % of question mean", "Case mean", "95 % of case mean", "Within questions", "Between cases",
            "Right in all", "Right in at least one", "Right in more than half", "Change side", "More epochs worth it"],
        [.. report.Models.Select(model => model.Epochs).OfType<EpochStatistics>().Select(epochs => ReportTables.Row(
            epochs.Model, ReportTables.Number(epochs.Epochs),
            ReportTables.Percent(epochs.Questions.Mean), ReportTables.Range(epochs.Questions.Interval),
            ReportTables.Percent(epochs.Cases.Mean), ReportTables.Range(epochs.Cases.Interval),
            ReportTables.Four(epochs.WithinQuestionVariance), ReportTables.Four(epochs.BetweenCaseVariance),
            ReportTables.Share(epochs.RightInAll), ReportTables.Share(epochs.RightInAny), ReportTables.Share(epochs.RightByMajority),
            ReportTables.Percent(epochs.FlipRate), epochs.MoreEpochs is { } more
                ? ReportTables.Number(more) : new ReportCell("every one helps", [new CellValue("", null)])))]);
}
