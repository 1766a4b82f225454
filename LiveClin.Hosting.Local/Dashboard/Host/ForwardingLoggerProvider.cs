using Microsoft.Extensions.Logging;

namespace LiveClin.Hosting.Local.Dashboard.Host;

/// <summary>Hands the web server's warnings to the app host's own logging.</summary>
internal sealed class ForwardingLoggerProvider(ILoggerFactory factory) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => factory.CreateLogger(categoryName);

    public void Dispose()
    {
        // The factory belongs to the app host.
    }
}
