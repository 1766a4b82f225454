using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.Extensions.Logging;
using LogRecord = LiveClin.Hosting.Local.Otlp.Store.LogRecord;

namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>Takes log records as received into the store.</summary>
internal sealed class LogReader(TelemetryStore store, ValueReader values, TimeProvider time)
{
    public Rejection Add(ExportLogsServiceRequest request)
    {
        List<LogRecord> records = [];
        var rejection = new Rejection();
        foreach (var resourceLogs in request.ResourceLogs)
        {
            var resource = ResourceReader.Read(resourceLogs.Resource, values, store);
            foreach (var scopeLogs in resourceLogs.ScopeLogs)
            {
                if (resource is null)
                {
                    rejection.Add(scopeLogs.LogRecords.Count, Rejection.TooManyResources);
                    continue;
                }

                var scope = values.Name(scopeLogs.Scope?.Name ?? "");
                foreach (var source in scopeLogs.LogRecords) records.Add(Read(source, resource, scope));
            }
        }

        store.Logs.Add(records);
        store.CountRejected(rejection.Count);
        return rejection;
    }

    private LogRecord Read(Protocol.LogRecord source, TelemetryResource resource, string scope)
    {
        var attributes = values.Attributes(source.Attributes, out var dropped);
        var eventName = source.EventName is { Length: > 0 } given ? given : attributes.Get("event.name");
        return new LogRecord
        {
            Time = source.TimeUnixNano > 0 ? ValueReader.Time(source.TimeUnixNano)
                : source.ObservedTimeUnixNano > 0 ? ValueReader.Time(source.ObservedTimeUnixNano)
                : time.GetUtcNow().UtcDateTime,
            Level = Level(source),
            Message = values.Text(ValueReader.Value(source.Body)),
            Scope = scope,
            EventName = eventName is null ? null : values.Name(eventName),
            TraceId = ValueReader.Id(source.TraceId, 16),
            SpanId = ValueReader.Id(source.SpanId, 8),
            Resource = resource,
            Attributes = attributes,
            DroppedItems = (int)Math.Min(int.MaxValue, source.DroppedAttributesCount + (long)dropped),
        };
    }

    private static LogLevel Level(Protocol.LogRecord source) => source.SeverityNumber switch
    {
        >= 21 => LogLevel.Critical,
        >= 17 => LogLevel.Error,
        >= 13 => LogLevel.Warning,
        >= 9 => LogLevel.Information,
        >= 5 => LogLevel.Debug,
        >= 1 => LogLevel.Trace,
        // Not said as a number: some senders give only a text.
        _ => Enum.TryParse<LogLevel>(source.SeverityText, ignoreCase: true, out var level) && Enum.IsDefined(level) && level != LogLevel.None ? level : LogLevel.Information,
    };
}
