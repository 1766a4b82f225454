using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace LiveClin.ServiceDefaults.Commands;

/// <summary>Runs a web application as a command.</summary>
public static class WebServer
{
    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="app">The application.</param>
    /// <param name="started">Told when it listens.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">An address is taken; says which and what to do.</exception>
    public static async Task RunAsync(WebApplication app, Action? started, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            // Sample: Failed to bind to address http://127.0.0.1:8610: address already in use.
            var address = error.Message.Split(' ').FirstOrDefault(word =>
                word.StartsWith("http", StringComparison.Ordinal))?.TrimEnd(':', '.');
            throw new IOException(
                $"{address ?? "The address"} is taken: another program listens there already. Name another port (0 takes a free one), or end that program.", error);
        }

        // A terminal that goes away ends the service in order, as SIGTERM does.
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            app.Lifetime.StopApplication();
        });
        started?.Invoke();
        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
    }
}
