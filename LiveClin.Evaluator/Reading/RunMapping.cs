using Google.Protobuf.WellKnownTypes;
using LiveClin.Core.Failures;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;
using CoreOutcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Evaluator.Reading;

/// <summary>The store's runs in the contract's terms.</summary>
internal static class RunMapping
{
    /// <summary>A run as callers see it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="label">What it is called beside its namesakes.</param>
    /// <param name="tally">How it stands to its target.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="active">True while it is worked on.</param>
    public static V1.Run ToMessage(this RunInfo run, string label, RunTally tally, V1.RunProgress progress, bool active)
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
            ImageMode = spec.ImageMode switch { "local" => V1.ImageMode.Local, "url" => V1.ImageMode.Url, _ => V1.ImageMode.Unspecified },
            AllowMissingImages = spec.AllowMissingImages,
            ParametersJson = spec.ParametersJson,
            Status = EnumByName<V1.RunStatus>.Of(run.Status),
            Active = active,
            StartedAt = run.StartedAt.ToTimestamp(),
            FinishedAt = run.FinishedAt?.ToTimestamp(),
            ProgramVersion = run.ProgramVersion,
            Machine = run.Machine,
            Source = run.Source,
            Progress = progress,
            Label = label,
            Identity = spec.Identity,
            Condition = spec.Condition,
            Target = run.Target.ToString(),
            Epochs = run.Target.Epochs,
            Coverage = ToCoverage(tally),
            Failures =
            {
                tally.FailuresByKind.OrderByDescending(failure => failure.Value).Select(failure => new V1.FailureCount
                {
                    Kind = failure.Key,
                    Questions = failure.Value,
                    Cause = FailureText.Cause(tally.FailureMessages.GetValueOrDefault(failure.Key)),
                }),
            },
            Chosen = run.IsChosen,
            Hidden = run.IsHidden,
            Tags = { run.Tags },
            Usage = tally.Usage.ToMessage(),
        };
        if (run.Name is { } name) message.Name = name;
        if (run.SupersededBy is { } other) message.SupersededBy = other;
        if (run.Target.Limit is { } limit) message.Limit = limit;
        if (run.StatusReason is { } reason) message.StatusReason = reason;
        if (run.GitCommit is { } commit) message.GitCommit = commit;
        return message;
    }

    private static V1.RunUsage ToMessage(this RunUsage usage)
    {
        var message = new V1.RunUsage { RepliesUncounted = usage.RepliesUncounted };
        if (usage.Input is { } input) message.InputTokens = input;
        if (usage.CachedInput is { } cached) message.CachedTokens = cached;
        if (usage.Output is { } output) message.OutputTokens = output;
        if (usage.Reasoning is { } reasoning) message.ReasoningTokens = reasoning;
        return message;
    }

    /// <summary>Where a run was asked.</summary>
    public static V1.RecordedEnvironment ToMessage(this RecordedEnvironment recorded)
    {
        var environment = recorded.Environment;
        var message = new V1.RecordedEnvironment
        {
            At = recorded.At.ToTimestamp(),
            ProgramVersion = environment.ProgramVersion,
            Machine = environment.Machine,
            Endpoint = environment.Endpoint,
            Serving = new V1.ServingEnvironment
            {
                ServerCommand = { environment.ServerCommand ?? [] },
                Devices = { environment.Devices ?? [] },
            },
        };
        if (environment.GitCommit is { } commit) message.GitCommit = commit;
        if (environment.Server is { } server) message.Serving.Server = server;
        if (environment.ServerVersion is { } version) message.Serving.ServerVersion = version;
        if (environment.ModelInfo is { } model) message.Serving.ModelInfo = model;
        return message;
    }

    private static V1.RunCoverage ToCoverage(RunTally tally) => new()
    {
        CasesCovered = tally.CasesCovered,
        CasesInRelease = tally.CasesInRelease,
        Questions = tally.Questions,
        QuestionsAnswered = tally.QuestionsAnswered,
    };

    public static V1.RunProgress ToMessage(this RunTally tally) => new()
    {
        QuestionsTotal = tally.Questions,
        QuestionsDone = tally.Questions - tally[CoreOutcome.NotRun],
        CasesTotal = tally.Cases,
        CasesDone = tally.CasesDone,
        CasesCorrect = tally.CasesCorrect,
        Outcomes = ToMessage(outcome => tally[outcome]),
        QuestionsAnswered = tally.QuestionsAnswered,
    };

    public static V1.RunEvent ToMessage(this RunEvent noted) => new()
    {
        At = noted.At.ToTimestamp(),
        Kind = noted.Kind,
        Message = noted.Message,
    };

    public static V1.OutcomeCounts ToMessage(Func<CoreOutcome, int> count) => new()
    {
        NotRun = count(CoreOutcome.NotRun),
        Correct = count(CoreOutcome.Correct),
        Wrong = count(CoreOutcome.Wrong),
        Unparsed = count(CoreOutcome.Unparsed),
        Truncated = count(CoreOutcome.Truncated),
        Refused = count(CoreOutcome.Refused),
        Filtered = count(CoreOutcome.Filtered),
        Failed = count(CoreOutcome.Failed),
    };
}
