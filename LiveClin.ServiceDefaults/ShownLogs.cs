using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LiveClin.ServiceDefaults;

/// <summary>
/// Makes what callers, servers and files wrote harmless in every line of the log, once for all who write them: console, files, OTLP.
/// </summary>
public static class ShownLogs
{
    /// <summary>Puts the cleaning before all log providers.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="clean">Makes a text harmless and one line of it.</param>
    /// <param name="cleanLines">The same for a stack trace, which keeps its lines.</param>
    public static IServiceCollection AddShownLogs(this IServiceCollection services, Func<string, string> clean,
        Func<string, string> cleanLines)
    {
        services.AddLogging();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new Factory(
            new LoggerFactory(
                provider.GetServices<ILoggerProvider>(), provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                provider.GetRequiredService<IOptions<LoggerFactoryOptions>>(), provider.GetService<IExternalScopeProvider>()),
            clean, cleanLines)));
        return services;
    }

    private sealed class Factory(LoggerFactory inner, Func<string, string> clean, Func<string, string> cleanLines) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName), clean, cleanLines);

        public void Dispose() => inner.Dispose();
    }

    private sealed class Logger(ILogger inner, Func<string, string> clean, Func<string, string> cleanLines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull =>
            Clean(state) is { } cleaned ? inner.BeginScope(cleaned) : inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = formatter(state, exception);
            var shown = clean(text);
            var cleaned = Clean(state);
            var error = Clean(exception);
            if (cleaned is null && ReferenceEquals(error, exception) && shown == text)
                inner.Log(logLevel, eventId, state, exception, formatter);
            else inner.Log(logLevel, eventId, cleaned ?? new CleanedState([], shown), error, (_, _) => shown);
        }

        // Null when nothing in it needs to be cleaned.
        private CleanedState? Clean<TState>(TState state)
        {
            if (state is not IReadOnlyList<KeyValuePair<string, object?>> values)
                return state?.ToString() is { } text && clean(text) is var shownText && shownText != text
                    ? new CleanedState([], shownText) : null;
            var isChanged = false;
            var cleaned = new KeyValuePair<string, object?>[values.Count];
            for (var i = 0; i < cleaned.Length; i++)
            {
                var (name, value) = values[i];
                var text = value as string ?? (value is null or ValueType ? null : value.ToString());
                var shown = text is null ? null : clean(text);
                isChanged |= shown != text;
                cleaned[i] = new KeyValuePair<string, object?>(name, shown == text ? value : shown);
            }

            return isChanged ? new CleanedState(cleaned, clean(state.ToString() ?? "")) : null;
        }

        private Exception? Clean(Exception? exception)
        {
            if (exception is null) return null;
            var text = exception.ToString();
            var shown = cleanLines(text);
            return shown == text ? exception : new CleanedException(clean(exception.Message), shown);
        }
    }

    private sealed class CleanedState(IReadOnlyList<KeyValuePair<string, object?>> values, string text)
        : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => values.Count;

        public KeyValuePair<string, object?> this[int index] => values[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => text;
    }

    // The stack trace is in the text; what wrote the original message is gone.
    private sealed class CleanedException(string message, string text) : Exception(message)
    {
        public override string ToString() => text;
    }
}
