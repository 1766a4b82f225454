using Google.Protobuf.WellKnownTypes;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>What happens in this process in the contract's terms.</summary>
internal static class ProgressMapping
{
    public static V1.RunProgress ToMessage(this RunProgress progress)
    {
        var message = new V1.RunProgress
        {
            QuestionsTotal = progress.QuestionsTotal,
            QuestionsDone = progress.QuestionsDone,
            CasesTotal = progress.CasesTotal,
            CasesDone = progress.CasesDone,
            CasesCorrect = progress.CasesCorrect,
            Outcomes = RunMapping.ToMessage(progress.Count),
            QuestionsAnswered = progress.Answered,
            Remaining = progress.Remaining?.ToDuration(),
            RequestsInFlight = progress.InFlight,
            Retries = progress.Retries,
        };
        if (progress.Note is { } note) message.Note = note;
        if (progress.CasesPerMinute is { } cases) message.CasesPerMinute = cases;
        if (progress.QuestionsPerMinute is { } questions) message.QuestionsPerMinute = questions;
        return message;
    }

    public static V1.VisionCheckResult ToMessage(this VisionCheckResult result)
    {
        var message = new V1.VisionCheckResult { Passed = result.Passed, Latency = result.Latency.ToDuration() };
        if (result.Reply is { } reply) message.Reply = reply;
        if (result.Error is { } error) message.Error = error;
        return message;
    }
}
