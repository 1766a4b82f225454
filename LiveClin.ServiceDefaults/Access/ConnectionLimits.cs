using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.ServiceDefaults.Access;

/// <summary>
/// How many connections a service takes. Whoever can reach loopback can open them, before any token is asked for; a run needs handles for
/// its store, its images and its model server.
/// </summary>
internal static class ConnectionLimits
{
    /// <summary>Connections that are taken at most; what comes beyond them is closed at once.</summary>
    public const int Most = 512;

    private const int Fewest = 64, Share = 4;
    private const string OpenFiles = "Max open files";

    /// <summary>Sets the limits of every endpoint.</summary>
    public static IServiceCollection AddConnectionLimits(this IServiceCollection services)
    {
        services.AddOptions<KestrelServerOptions>()
            .Configure<IServiceProvider>((kestrel, provider) => Limit(kestrel, provider.GetService<AccessToken>()));
        return services;
    }

    private static void Limit(KestrelServerOptions kestrel, AccessToken? token)
    {
        var most = Math.Clamp(Handles() / Share, Fewest, Most);
        kestrel.Limits.MaxConcurrentConnections = most;
        // Idle connections make room; clients of both services connect again by themselves.
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        // Where nobody is asked for a token, nobody is known.
        if (token?.Value is null) return;
        var unknown = new UnknownCallers(most / 2);
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => unknown.ServeAsync(connection, next)));
    }

    // Sample: Max open files            1024                 524288               files
    private static int Handles()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith(OpenFiles, StringComparison.Ordinal));
            return int.Parse(line[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or OverflowException)
        {
            return Most * Share; // no such file on this system, or no limit
        }
    }
}
