namespace LiveClin.Evaluator.Runs;

/// <summary>What the work on runs tells the log.</summary>
internal static partial class RunLog
{
    [LoggerMessage(EventId = 10, EventName = "RunVersionChanged", Level = LogLevel.Warning, Message = "Run {RunId}: {Change}")]
    public static partial void VersionChanged(ILogger logger, string runId, string change);

    [LoggerMessage(EventId = 11, EventName = "RunUnexpectedError", Level = LogLevel.Error,
        Message = "Run {RunId} stopped by an unexpected error")]
    public static partial void Unexpected(ILogger logger, Exception error, string runId);

    [LoggerMessage(EventId = 12, EventName = "RunStatusNotStored", Level = LogLevel.Error,
        Message = "The end of run {RunId} could not be stored: {Reason}")]
    public static partial void StatusNotStored(ILogger logger, string runId, string reason);

    [LoggerMessage(EventId = 13, EventName = "StoreGone", Level = LogLevel.Warning, Message = "{Store}: {Outage}")]
    public static partial void StoreGone(ILogger logger, string store, string outage);

    [LoggerMessage(EventId = 14, EventName = "StoreBack", Level = LogLevel.Information, Message = "{Store}: {Outage}")]
    public static partial void StoreBack(ILogger logger, string store, string outage);

    [LoggerMessage(EventId = 15, EventName = "ReadersWaited", Level = LogLevel.Warning,
        Message = "{Store}: could not be read for {Time}, and is back; who follows runs misses nothing")]
    public static partial void ReadersWaited(ILogger logger, string store, string time);
}
