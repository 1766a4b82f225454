using Google.Protobuf.WellKnownTypes;
using LiveClin.Core.Results;
using CoreOutcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Evaluator.Service;

/// <summary>The store's runs in the contract's terms.</summary>
internal static class RunMapping
{
    public static V1.Run ToMessage(this RunInfo run, RunTally tally, bool active)
    {
        var spec = run.Specification;
        var message = new V1.Run
        {
            Id = run.Id,
            Model = spec.Model,
            ApiId = spec.ApiId,
            Endpoint = spec.Endpoint,
            ReleaseName = spec.ReleaseName,
            ReleaseSha256 = spec.ReleaseSha256,
            ImageMode = spec.ImageMode == "url" ? V1.ImageMode.Url : V1.ImageMode.Local,
            AllowMissingImages = spec.AllowMissingImages,
            ParametersJson = spec.ParametersJson,
            Status = (V1.RunStatus)((int)run.Status + 1), // the contract's zero means "not said"
            Active = active,
            StartedAt = run.StartedAt.ToTimestamp(),
            FinishedAt = run.FinishedAt?.ToTimestamp(),
            ProgramVersion = run.ProgramVersion,
            Machine = run.Machine,
            Source = run.Source,
            Progress = tally.ToMessage(),
        };
        if (spec.Limit is { } limit) message.Limit = limit;
        if (run.StatusReason is { } reason) message.StatusReason = reason;
        if (run.GitCommit is { } commit) message.GitCommit = commit;
        return message;
    }

    public static V1.RunProgress ToMessage(this RunTally tally) => new()
    {
        QuestionsTotal = tally.Questions,
        QuestionsDone = tally.QuestionsDone,
        CasesTotal = tally.Cases,
        CasesDone = tally.CasesDone,
        CasesCorrect = tally.CasesCorrect,
        Outcomes = new V1.OutcomeCounts
        {
            NotRun = tally[CoreOutcome.NotRun],
            Correct = tally[CoreOutcome.Correct],
            Wrong = tally[CoreOutcome.Wrong],
            Unparsed = tally[CoreOutcome.Unparsed],
            Truncated = tally[CoreOutcome.Truncated],
            Refused = tally[CoreOutcome.Refused],
            Filtered = tally[CoreOutcome.Filtered],
            Failed = tally[CoreOutcome.Failed],
        },
    };

    public static V1.RunEvent ToMessage(this RunEvent noted) => new() { At = noted.At.ToTimestamp(), Kind = noted.Kind, Message = noted.Message };
}
