using LiveClin.Core.Reviews;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.Floors;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;
using FloorCheck = LiveClin.Stats.Floors.FloorCheck;

namespace LiveClin.Stats.Service;

/// <summary>The leaderboard in the contract's form.</summary>
internal static class LeaderboardMapping
{
    public static GetLeaderboardResponse ToMessage(ResultSet set, IReadOnlyList<Verdict> verdicts)
    {
        var board = Leaderboard.Of(set);
        var response = new GetLeaderboardResponse
        {
            Release = board.Release,
            CaseCount = set.Cases.Length,
            QuestionCount = set.QuestionCount,
            Notes = { board.Notes },
        };
        var best = BestModel.Of(set);
        response.Floors.AddRange(ReleaseFloors.Of(set).All.Select(FloorMapping.ToMessage));
        (response.Best, response.BestStatement) = (best.Row?.Ledger.Model.Model ?? "", best.Statement);
        var checks = FloorCheck.Of(set);
        foreach (var row in board.Rows)
        {
            var message = ToMessage(row);
            message.Rank = board.RankOf(row) ?? 0;
            message.Truth = ToMessage(set.TruthOf(row.Ledger.Model));
            message.FloorCheck = FloorMapping.CheckOf(checks, row.Ledger.Model.Model);
            message.Epochs = EpochMapping.ToMessage(EpochStatistics.Of(set, row.Ledger.Model));
            Add(message, ScoreWithoutWrongKeys.Of(set, row.Ledger.Model, verdicts));
            response.Rows.Add(message);
        }

        return response;
    }

    public static void Add(V1.LeaderboardRow message, ScoreWithoutWrongKeys? score) =>
        (message.CasesWithoutWrongKeys, message.QuestionsWithoutWrongKeys) = (score?.Cases.ToMessage(), score?.Questions.ToMessage());

    public static V1.LeaderboardRow ToMessage(Ledger.LeaderboardRow row)
    {
        var ledger = row.Ledger;
        var message = new V1.LeaderboardRow
        {
            Model = ledger.Model.Model,
            RunId = ledger.Model.RunId ?? "",
            Baseline = ledger.Model.Kind == Core.Simulated.ModelKind.Floor,
            Kind = ToMessage(ledger.Model.Kind),
            Complete = ledger.Model.IsComplete,
            Partial = ledger.Model.IsPartial,
            Outcomes = ToMessage(ledger.Outcomes),
            Questions = ledger.Questions.ToMessage(),
            Cases = ledger.Cases.ToMessage(),
            CoreQuestions = ledger.CoreQuestions.ToMessage(),
            CoreCases = ledger.CoreCases.ToMessage(),
            Answered = ledger.Answered.ToMessage(),
            StrictQuestions = ledger.StrictQuestions?.ToMessage(),
            StrictCases = ledger.StrictCases?.ToMessage(),
            CaseInterval = row.CaseInterval.ToMessage(),
            QuestionInterval = row.QuestionMean.Interval().ToMessage(),
            QuestionBounds = ledger.QuestionBounds.ToMessage(),
            CaseBounds = ledger.CaseBounds.ToMessage(),
            BalancedInterval = row.Balanced.Interval().ToMessage(),
            BalancedLetters = row.Balanced.Letters,
        };
        if (double.IsFinite(row.Balanced.Value)) message.BalancedAccuracy = row.Balanced.Value;
        if (double.IsFinite(row.QuestionMean.StandardError)) message.QuestionStandardError = row.QuestionMean.StandardError;
        if (double.IsFinite(row.QuestionMean.IntraCaseCorrelation)) message.IntraCaseCorrelation = row.QuestionMean.IntraCaseCorrelation;
        if (double.IsFinite(row.QuestionMean.DesignEffect)) message.DesignEffect = row.QuestionMean.DesignEffect;
        return message;
    }

    public static Truth? ToMessage(ExamineeTruth? truth) => truth is null ? null : new Truth
    {
        Statement = truth.ToString(),
        Questions = new V1.Ratio { Count = truth.CorrectQuestions, Total = truth.Questions, Value = truth.QuestionAccuracy },
        Cases = new V1.Ratio { Count = truth.CorrectCases, Total = truth.Cases, Value = truth.CaseAccuracy },
    };

    private static V1.ModelKind ToMessage(Core.Simulated.ModelKind kind) => kind switch
    {
        Core.Simulated.ModelKind.Model => V1.ModelKind.Model,
        Core.Simulated.ModelKind.Floor => V1.ModelKind.Floor,
        Core.Simulated.ModelKind.Simulated => V1.ModelKind.Simulated,
        _ => V1.ModelKind.Unspecified,
    };

    private static V1.OutcomeCounts ToMessage(Ledger.OutcomeCounts counts) => new()
    {
        Correct = counts.Correct, Wrong = counts.Wrong, Unparsed = counts.Unparsed, Truncated = counts.Truncated,
        Refused = counts.Refused, Filtered = counts.Filtered, Failed = counts.Failed, NotRun = counts.NotRun,
    };
}
