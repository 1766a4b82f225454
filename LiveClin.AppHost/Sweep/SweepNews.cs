using LiveClin.AppHost.Terminal;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Sweep;

/// <summary>Where the sweep's news go: the console and the sweep's page of the dashboard; a model's also to the page of its run.</summary>
internal sealed class SweepNews(ILoggerFactory console, ResourceLoggerService pages, SweepResource sweep)
{
    private readonly ILogger _console = console.CreateLogger("LiveClin.Sweep");

    /// <summary>News of the whole sweep.</summary>
    public ILogger Sweep => new Everywhere(_console, pages.GetLogger(sweep));

    /// <summary>The summary at the end: on the console as it is, and on the sweep's page.</summary>
    public ILogger Summary => new Everywhere(console.CreateLogger(PlainFormatter.BareCategory), pages.GetLogger(sweep));

    /// <summary>News of one model.</summary>
    public ILogger Of(ModelRun run) => new Everywhere(_console, pages.GetLogger(sweep), pages.GetLogger(run.Resource));

    /// <summary>The page of one model's run alone.</summary>
    public ILogger PageOf(ModelRun run) => pages.GetLogger(run.Resource);

    // The first decides what is worth saying: pages take everything.
    private sealed class Everywhere(params ILogger[] places) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => places[0].IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            foreach (var place in places) place.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
