using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Items;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;
using FloorCheck = LiveClin.Stats.Floors.FloorCheck;

namespace LiveClin.Stats.Service;

/// <summary>Model reports, comparisons, slices and items in the contract's form.</summary>
internal static class AnalysisMapping
{
    public static GetModelReportResponse ToMessage(ModelReport report)
    {
        var message = new GetModelReportResponse
        {
            Row = LeaderboardMapping.ToMessage(
                new Ledger.LeaderboardRow(report.Ledger, report.CaseInterval, report.QuestionMean, report.Balanced)),
            QuestionBootstrap = report.QuestionBootstrap.ToMessage(),
            CaseBootstrap = report.CaseBootstrap.ToMessage(),
            RuleDifferences = { report.Ledger.Differences.Select(d => new RuleDifference { CaseId = d.CaseId, QuestionIndex = d.Question,
                PublishedLetter = $"{d.PublishedLetter}", StrictLetter = $"{d.StrictLetter}" }) },
            Slices = { report.Slices.Select(ToMessage) },
            Survival = { report.Survival.Points.Select(p =>
                new V1.SurvivalPoint { Position = p.Position, AtRisk = p.AtRisk, FirstErrors = p.FirstErrors, Surviving = p.Surviving }) },
            AfterError = report.Survival.AfterError.ToMessage(),
            AfterSuccess = report.Survival.AfterSuccess.ToMessage(),
            Letters = { report.LetterBias.Letters.Select(l =>
                new V1.LetterCount { Letter = l.Letter.ToString(), Chosen = l.Chosen, Key = l.Key, WhenKey = l.WhenKey.ToMessage() }) },
            ChosenLongest = report.LetterBias.ChosenLongest.ToMessage(),
            KeyLongest = report.LetterBias.KeyLongest.ToMessage(),
            Cost = ToMessage(report.Cost),
        };
        foreach (var (rule, count) in report.Ledger.Rules) message.Rules[rule.ToString().ToLowerInvariant()] = count;
        if (double.IsFinite(report.Independence.Expected)) message.IndependentCaseAccuracy = report.Independence.Expected;
        if (double.IsFinite(report.LetterBias.ChiSquare))
            (message.LetterChiSquare, message.LetterP) = (report.LetterBias.ChiSquare, report.LetterBias.P);
        return message;
    }

    public static CompareModelsResponse ToMessage(ResultSet set, IEnumerable<string> notes)
    {
        var message = ToMessage(ComparisonTable.Of(set), Findings.Of(set), notes);
        message.FloorChecks.AddRange(FloorCheck.Of(set).Values.OrderBy(check => check.Model, StringComparer.Ordinal)
            .Select(FloorMapping.ToMessage));
        return message;
    }

    private static CompareModelsResponse ToMessage(ComparisonTable table, string summary, IEnumerable<string> notes) => new()
    {
        Summary = summary,
        Pairs = { table.Pairs.Select(ToMessage) },
        Ranks = { table.Models.Zip(table.Ranks).Where(m => m.Second is not null)
            .Select(m => new V1.RankInterval { Model = m.First.Model, Best = m.Second!.Best, Worst = m.Second.Worst }) },
        Groups = { table.Groups.Select(group => new ModelGroup { Models = { group } }) },
        Notes = { notes },
    };

    public static V1.Slice ToMessage(Slices.Slice slice) => new()
    {
        Dimension = EnumByName<SliceDimension>.Of(slice.Dimension),
        Name = slice.Name,
        Questions = slice.Questions.ToMessage(),
        Cases = slice.Cases,
        Interval = slice.Interval.ToMessage(),
        TooSmall = slice.IsTooSmall,
    };

    public static Item ToMessage(ItemStatistics item)
    {
        var message = new Item
        {
            CaseId = item.CaseId, QuestionIndex = item.Question, Key = item.Key, Correct = item.Correct.ToMessage(),
            MissedByGood = item.MissedByGood.ToMessage(), GoodModelsPrefer = $"{item.GoodModelsPrefer}", Suspect = item.IsSuspect,
        };
        foreach (var (letter, count) in item.Chosen) message.Chosen[letter.ToString()] = count;
        if (double.IsFinite(item.PointBiserial)) message.PointBiserial = item.PointBiserial;
        return message;
    }

    private static V1.ModelComparison ToMessage(Comparison.ModelComparison pair)
    {
        var message = new V1.ModelComparison
        {
            First = pair.First, Second = pair.Second, SharedCases = pair.SharedCases,
            FirstCases = pair.FirstCases.ToMessage(), SecondCases = pair.SecondCases.ToMessage(),
            FirstQuestions = pair.FirstQuestions.ToMessage(), SecondQuestions = pair.SecondQuestions.ToMessage(),
            CaseInterval = pair.Cases.Interval().ToMessage(), QuestionInterval = pair.Questions.Interval().ToMessage(),
            CaseP = pair.CaseP, AdjustedCaseP = pair.AdjustedCaseP, QuestionP = pair.QuestionP, AdjustedQuestionP = pair.AdjustedQuestionP,
            OnlyFirst = { pair.OnlyFirst }, OnlySecond = { pair.OnlySecond }, Conclusion = pair.Conclusion,
            CorrectedOver = pair.Family.Description,
            FirstWithoutReply = pair.FirstWithoutReply, SecondWithoutReply = pair.SecondWithoutReply,
            BalancedInterval = pair.Balanced.Interval().ToMessage(),
            FirstEpochs = pair.FirstEpochs, SecondEpochs = pair.SecondEpochs, EpochInterval = pair.OverEpochs.Interval().ToMessage(),
        };
        if (double.IsFinite(pair.Balanced.Difference)) message.BalancedDifference = pair.Balanced.Difference;
        if (double.IsFinite(pair.OverEpochs.Difference)) message.EpochDifference = pair.OverEpochs.Difference;
        if (double.IsFinite(pair.BalancedP)) message.BalancedP = pair.BalancedP;
        if (double.IsFinite(pair.Cases.Difference)) message.CaseDifference = pair.Cases.Difference;
        if (double.IsFinite(pair.Questions.Difference)) message.QuestionDifference = pair.Questions.Difference;
        if (pair.Cases.MinimumDetectable() is var detectable && double.IsFinite(detectable))
            message.MinimumDetectableCaseDifference = detectable;
        return message;
    }

    private static V1.Cost ToMessage(Cost.CostSummary cost)
    {
        var message = new V1.Cost { Requests = cost.Requests, Retries = cost.Retries };
        if (cost.InputTokens is { } input) message.InputTokens = input;
        if (cost.CachedTokens is { } cached) message.CachedTokens = cached;
        if (cost.OutputTokens is { } output) message.OutputTokens = output;
        if (cost.ReasoningTokens is { } reasoning) message.ReasoningTokens = reasoning;
        if (cost.CachedShare is { } share) message.CachedShare = share;
        if (cost.LatencyMs is { } latency)
            (message.LatencyP50Ms, message.LatencyP95Ms, message.LatencyP99Ms) = (latency.Median, latency.P95, latency.P99);
        if (cost.CaseMs is { } one) message.CaseP50Ms = one.Median;
        if (cost.Cost is { } total) message.Cost_ = total;
        if (cost.CostPerCorrectCase is { } each) message.CostPerCorrectCase = each;
        return message;
    }
}
