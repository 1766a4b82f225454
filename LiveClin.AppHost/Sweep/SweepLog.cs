using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Sweep;

internal static partial class SweepLog
{
    [LoggerMessage(EventName = "SweepStarted", Level = LogLevel.Information,
        Message = "Sweep over {Models} on {Release} ({Cases} cases, {Questions} questions)")]
    public static partial void Started(ILogger logger, string models, string release, int cases, int questions);

    [LoggerMessage(EventName = "SweepState", Level = LogLevel.Information, Message = "Sweep {State}")]
    public static partial void SweepState(ILogger logger, string state);

    [LoggerMessage(EventName = "SweepLine", Level = LogLevel.Information, Message = "{Line}")]
    public static partial void Line(ILogger logger, string line);

    [LoggerMessage(EventName = "ModelState", Level = LogLevel.Information, Message = "{Model}: {State}")]
    public static partial void ModelState(ILogger logger, string model, string state);

    [LoggerMessage(EventName = "ModelFailed", Level = LogLevel.Error, Message = "{Model}: {Ending}")]
    public static partial void ModelFailed(ILogger logger, string model, string ending);

    [LoggerMessage(EventName = "ServerProblem", Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void ServerProblem(ILogger logger, string problem);

    [LoggerMessage(EventName = "ServerDied", Level = LogLevel.Warning,
        Message = "{Model}: the server died: {Reason} It is started again ({Restart} of {Restarts}) and the run continued.")]
    public static partial void ServerDied(ILogger logger, string model, string reason, int restart, int restarts);

    [LoggerMessage(EventName = "ServerDiedAgain", Level = LogLevel.Warning,
        Message = "{Model}: the server died at questions that were under way when it died before: {Reason} It is started again to find which one.")]
    public static partial void ServerDiedAgain(ILogger logger, string model, string reason);

    [LoggerMessage(EventName = "CauseFound", Level = LogLevel.Warning,
        Message = "{Model}: the question that the server dies at is found and recorded as failed ({Reason}); the run goes on without it.")]
    public static partial void CauseFound(ILogger logger, string model, string reason);

    [LoggerMessage(EventName = "VisionCheckFailed", Level = LogLevel.Warning,
        Message = "{Model}: the vision check failed ({Reason}): the model may not see the images.")]
    public static partial void VisionCheckFailed(ILogger logger, string model, string reason);

    [LoggerMessage(EventName = "EvaluatorLost", Level = LogLevel.Warning,
        Message = "{Model}: the evaluator does not answer ({Reason}); trying again")]
    public static partial void EvaluatorLost(ILogger logger, string model, string reason);

    [LoggerMessage(EventName = "EvaluatorRestarted", Level = LogLevel.Warning,
        Message = "The evaluator has ended; it is started again ({Restart} of {Restarts}) and its runs are continued")]
    public static partial void EvaluatorRestarted(ILogger logger, int restart, int restarts);

    [LoggerMessage(EventName = "EvaluatorNotReady", Level = LogLevel.Warning,
        Message = "The evaluator is not ready; what it is asked for waits ({Reason})")]
    public static partial void EvaluatorNotReady(ILogger logger, string reason);

    [LoggerMessage(EventName = "EvaluatorReady", Level = LogLevel.Information, Message = "The evaluator is ready again; the sweep goes on")]
    public static partial void EvaluatorReady(ILogger logger);

    [LoggerMessage(EventName = "EvaluatorGivenUp", Level = LogLevel.Error,
        Message = "The evaluator has ended again after {Restarts} restarts and is not started any more; its log says why. The same command continues the runs.")]
    public static partial void EvaluatorGivenUp(ILogger logger, int restarts);

    [LoggerMessage(EventName = "OrchestratorLost", Level = LogLevel.Error,
        Message = "Aspire's orchestrator (dcp) was killed. Everything is ended; what was answered is kept: start again to go on.")]
    public static partial void OrchestratorLost(ILogger logger);

    [LoggerMessage(EventName = "DataWrong", Level = LogLevel.Error, Message = "{Issue}")]
    public static partial void DataWrong(ILogger logger, string issue);

    [LoggerMessage(EventName = "SweepFailed", Level = LogLevel.Error, Message = "The sweep failed: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string reason);

    [LoggerMessage(EventName = "NoEstimate", Level = LogLevel.Warning, Message = "What the sweep would take cannot be told: {Reason}")]
    public static partial void NoEstimate(ILogger logger, string reason);

    [LoggerMessage(EventName = "NoSummary", Level = LogLevel.Debug, Message = "The statistics say nothing about this sweep: {Reason}")]
    public static partial void NoSummary(ILogger logger, string reason);

    [LoggerMessage(EventName = "CancelFailed", Level = LogLevel.Debug, Message = "{Model}: the run could not be cancelled: {Reason}")]
    public static partial void CancelFailed(ILogger logger, string model, string reason);
}
