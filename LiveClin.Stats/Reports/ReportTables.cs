using System.Collections.Immutable;
using LiveClin.Stats.Reference;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Reports;

/// <summary>The tables of a report.</summary>
public static partial class ReportTables
{
    /// <summary>All tables that have rows.</summary>
    public static IEnumerable<ReportTable> Of(Report report)
    {
        ReportTable[] tables =
        [
            Leaderboard(report), FloorTables.Floors(report), FloorTables.Checks(report), Simulated(report), Ledger(report),
            Uncertain(report), EpochTable.Of(report), Pairs(report),
            ControlTables.Conditions(report), ControlTables.Orders(report), ControlTables.Others(report), Slices(report), Positions(report),
            Letters(report), Cost(report), Suspects(report), Reference(report),
        ];
        return tables.Where(table => table.Rows.Length > 0);
    }

    private static ReportTable Leaderboard(Report report)
    {
        var table = Published(report);
        if (report.Models.All(m => m.WithoutWrongKeys is null)) return table;
        return table with
        {
            Remark = table.Remark
                + " Without wrong keys: the same without the questions whose key reviewers found wrong; the published scores stay as they are.",
            Columns = [.. table.Columns, "Cases without wrong keys", "Questions without wrong keys"],
            Rows = [.. table.Rows.Zip(report.Models, (row, m) => (ImmutableArray<ReportCell>)
                [.. row, m.WithoutWrongKeys is { } clean ? Share(clean.Cases) : "", m.WithoutWrongKeys is { } left
                    ? Share(left.Questions) : ""])],
        };
    }

    private static ReportTable Published(Report report) => new(
        "leaderboard", "Leaderboard",
        "Case accuracy: all questions of a case correct. Intervals at 95 %: Wilson for cases, clustered by case for questions. Balanced: question accuracy with every key letter counted alike, which always saying one letter cannot raise. Ranks: where a model lies in 95 % of the bootstrap's resamples. Floors know no medicine, and simulated examinees are no models: neither takes a rank.",
        ["Model", "Cases", "Case accuracy", "95 % of cases", "Rank", "Questions", "Question accuracy", "95 % of questions", "Balanced",
            "95 % of balanced"],
        [.. report.Models.Select(m => Row(
            Name(m.Ledger.Model), Counts(m.Ledger.Cases), Percent(m.Ledger.Cases.Value), Range(m.CaseInterval),
            Rank(report, m.Ledger.Model),
            Counts(m.Ledger.Questions), Percent(m.Ledger.Questions.Value), Range(m.QuestionInterval), Percent(m.Balanced.Value),
            Range(m.BalancedInterval)))]);

    private static ReportTable Simulated(Report report) => new(
        "simulated", "Simulated examinees: measured against the truth",
        "They have the release's keys and use as much of them as their names say, so that their true ability on the whole release is known exactly. A method that measures rightly has it in its interval.",
        ["Examinee", "What it does", "True questions", "Measured questions", "95 % of questions", "True cases", "Measured cases",
            "95 % of cases"],
        [.. report.Models.Where(m => m.Truth is not null).Select(m => Row(
            m.Ledger.Model.Model, m.Truth!.Examinee.Description, Share(new Ratio(m.Truth.CorrectQuestions, m.Truth.Questions)),
            Share(m.Ledger.Questions), Range(m.QuestionInterval),
            Share(new Ratio(m.Truth.CorrectCases, m.Truth.Cases)), Share(m.Ledger.Cases), Range(m.CaseInterval)))]);

    private static ReportTable Ledger(Report report) => new(
        "ledger", "What became of every question",
        "v1 counts a failure as wrong; core leaves cases with a failure out; answered counts questions with a reply. Strict: last box only, letter among those offered, reasoning stripped.",
        ["Model", "Correct", "Wrong", "Unparsed", "Truncated", "Refused", "Filtered", "Failed", "Not run", "v1 questions", "core questions",
            "core cases", "Answered", "Strict questions", "Strict cases", "Rules differ on",
            ("Case accuracy at worst–best", "case_accuracy_bounds")],
        [.. report.Models.Select(m => m.Ledger).Select(l => Row(
            l.Model.Model, Number(l.Outcomes.Correct), Number(l.Outcomes.Wrong), Number(l.Outcomes.Unparsed), Number(l.Outcomes.Truncated),
            Number(l.Outcomes.Refused),
            Number(l.Outcomes.Filtered), Number(l.Outcomes.Failed), Number(l.Outcomes.NotRun), Share(l.Questions), Share(l.CoreQuestions),
            Share(l.CoreCases), Share(l.Answered),
            l.StrictQuestions is { } strict ? Share(strict) : "", l.StrictCases is { } cases ? Share(cases) : "",
            Number(l.Differences.Length), Range(l.CaseBounds)))]);

    private static ReportTable Uncertain(Report report) => new(
        "uncertainty", "How certain the scores are",
        "ICC: correlation of questions within a case. Design effect: how many times less the questions are worth than independent ones. Expected: case accuracy if the questions of a case were independent.",
        ["Model", "Standard error", "ICC", "Design effect", "Bootstrap questions", "Bootstrap cases", "Cases observed", "Cases expected"],
        [.. report.Models.Select(m => Row(
            m.Ledger.Model.Model, Percent(m.QuestionMean.StandardError), Two(m.QuestionMean.IntraCaseCorrelation),
            Two(m.QuestionMean.DesignEffect),
            Range(m.QuestionBootstrap), Range(m.CaseBootstrap), Percent(m.Independence.Observed.Value),
            Percent(m.Independence.Expected)))]);

    private static ReportTable Pairs(Report report) => new(
        "comparison", "Models against each other",
        ComparisonRemark(report),
        ["First", "Second", "Shared cases", "Only first right", "Only second right", "Case difference", "95 % of case difference",
            "p of cases", "Corrected p of cases",
            "Question difference", "95 % of question difference", "p of questions", "Corrected p of questions",
            "Balanced difference", "95 % of balanced difference", "p of balanced", "Conclusion"],
        [.. report.Comparison.Pairs.Select(p => Row(
            p.First, p.Second, Number(p.SharedCases), Number(p.OnlyFirst.Length), Number(p.OnlySecond.Length), Points(p.Cases.Difference),
            Ends(p.Cases), P(p.CaseP), P(p.AdjustedCaseP),
            Points(p.Questions.Difference), Ends(p.Questions), P(p.QuestionP), P(p.AdjustedQuestionP),
            Points(p.Balanced.Difference), Ends(p.Balanced), P(p.BalancedP), p.Conclusion))]);

    private static string ComparisonRemark(Report report) =>
        "First minus second on shared cases, in percentage points; first is the model that gets more of them right. Intervals are each pair's own. "
        + "p: exact McNemar on cases and permutation of cases on questions"
        + (report.Comparison.Pairs is [var pair, ..] ? $"; corrected by {pair.Family.Description}. " : ". ")
        + "Balanced: every key letter counts alike; Student's test clustered by case, a control that is not corrected.";

    private static ReportTable Slices(Report report) => new(
        "slices", "Slices", "Question accuracy with Wilson intervals. Parts of fewer than 30 questions are marked as too small to say anything.",
        ["Model", "By", "Part", "Cases", "Questions", "Accuracy", ("95 %", "accuracy"), "Note"],
        [.. report.Models.SelectMany(m => m.Slices.Select(s => Row(
            m.Ledger.Model.Model, s.Dimension.ToString(), s.Name, Number(s.Cases), Counts(s.Questions), Percent(s.Questions.Value),
            Range(s.Interval), s.IsTooSmall ? "too small" : "")))]);

    private static ReportTable Positions(Report report) => new(
        "survival", "First error by position",
        "Surviving: cases without an error up to here. After an error: questions right after a wrong one.",
        ["Model", "Position", "Cases at risk", "First errors", "Surviving", "Right after an error", "Right after a success"],
        [.. report.Models.SelectMany(m => m.Survival.Points.Select(p => Row(
            m.Ledger.Model.Model, Place(p.Position), Number(p.AtRisk), Number(p.FirstErrors), Percent(p.Surviving),
            Share(m.Survival.AfterError), Share(m.Survival.AfterSuccess))))]);

    private static ReportTable Letters(Report report) => new(
        "letters", "Letters and lengths of options",
        "A model that prefers a letter or long options scores without reading. χ² compares chosen with correct letters.",
        ["Model", "Letter", "Chosen", "Key", "Correct when key", ("χ² (df)", "chi_square"), ("p of χ²", "p_of_chi_square"),
            "Longest chosen", "Longest is key", "p of lengths"],
        [.. report.Models.SelectMany(m => m.LetterBias.Letters.Select(l => Row(
            m.Ledger.Model.Model, l.Letter.ToString(), Number(l.Chosen), Number(l.Key), Share(l.WhenKey), ChiSquare(m.LetterBias),
            P(m.LetterBias.P),
            Share(m.LetterBias.ChosenLongest), Share(m.LetterBias.KeyLongest), P(m.LetterBias.LengthP))))]);

    private static string CurrencyOf(Report report) =>
        report.Models.Select(model => model.Cost).FirstOrDefault(cost => cost.Cost is not null)?.Currency is { } currency
            ? $" Cost in {currency}." : "";

    private static ReportTable Cost(Report report) => new(
        "cost", "Cost and speed",
        $"Empty where the server did not say, or no price is set. Latency of successful attempts.{CurrencyOf(report)}",
        ["Model", "Requests", "Retries", "Input tokens", ("Cached", "cached_share"), "Output tokens", ("Reasoning", "reasoning_tokens"),
            "Latency p50 (ms)", ("p95", "latency_p95_ms"), ("p99", "latency_p99_ms"), "Case p50 (s)", "Cost", "Cost per correct case"],
        [.. report.Models.Where(m => m.Cost.Answers > 0).Select(m => Row(
            m.Ledger.Model.Model, Number(m.Cost.Requests), Number(m.Cost.Retries), Long(m.Cost.InputTokens),
            Percent(m.Cost.CachedShare ?? double.NaN), Long(m.Cost.OutputTokens), Long(m.Cost.ReasoningTokens),
            Whole(m.Cost.LatencyMs?.Median), Whole(m.Cost.LatencyMs?.P95), Whole(m.Cost.LatencyMs?.P99),
            Two(m.Cost.CaseMs?.Median / 1000 ?? double.NaN),
            Two(m.Cost.Cost ?? double.NaN), Four(m.Cost.CostPerCorrectCase)))]);

    private static ReportTable Suspects(Report report) => new(
        "suspect-keys", "Questions that nearly all good models miss",
        "Good models are those above the best floor; at least five of them replied. The keys deserve a look by a physician; this is no proof of an error.",
        ["Case", "Question", "Key", "Good models miss", "They prefer", "Correct", "Point-biserial"],
        [.. report.SuspectItems.Select(i => Row(i.CaseId, Number(i.Question + 1), i.Key, Counts(i.MissedByGood),
            i.GoodModelsPrefer?.ToString() ?? "", Share(i.Correct), Two(i.PointBiserial)))]);

    private static ReportTable Reference(Report report) => new(
        "reference", "Published reference", PublishedReference.Label, ["Model", "Family", "Case accuracy"],
        report.Reference.IsEmpty
            ? []
            : [.. report.Reference.Select(r => Row(r.Model, r.Family.ToString(), Percent(r.CaseAccuracy))),
                .. PublishedReference.Physicians.Select(p => Row(p.Name, "physician", Percent(p.CaseAccuracy)))]);
}
