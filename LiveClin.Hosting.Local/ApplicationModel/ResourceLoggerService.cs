using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Number of the line, from 1.</param>
/// <param name="Content">Time of the line (ISO 8601, UTC), a space, and the line with its ANSI sequences.</param>
/// <param name="IsErrorMessage">True for standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource's log and tells who watches.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        foreach (var log in _logs.Values) log.Complete();
        GC.SuppressFinalize(this);
    }

    /// <summary>A logger that writes into a resource's log.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    /// <summary>A logger that writes into a resource's log.</summary>
    public ILogger GetLogger(string resourceName) => new Writer(Log(resourceName));

    /// <summary>The kept lines, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <summary>The kept lines, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Log(resourceName).WatchAsync(follow: true);

    /// <summary>The kept lines.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    /// <summary>The kept lines.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Log(resourceName).WatchAsync(follow: false);

    /// <summary>Ends the watches of a resource's log.</summary>
    public void Complete(IResource resource) => Complete(resource.Name);

    /// <summary>Ends the watches of a resource's log.</summary>
    public void Complete(string name) => Log(name).Complete();

    /// <summary>Forgets the kept lines.</summary>
    public void ClearBacklog(string resourceName) => Log(resourceName).Clear();

    internal ResourceLog Log(string resourceName) => _logs.GetOrAdd(resourceName, _ => new ResourceLog());

    private sealed class Writer(ResourceLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (exception is not null) text = $"{text}{Environment.NewLine}{exception}";
            var isError = logLevel >= LogLevel.Warning;
            foreach (var line in text.Split('\n')) log.Append(line.TrimEnd('\r'), isError);
        }
    }

    internal static string Stamp(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
}
