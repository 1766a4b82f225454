using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>
/// Addresses that a person has named: of one that is taken Aspire tells with stack traces only, and a service ends again and again.
/// </summary>
internal static class TakenAddresses
{
    private static readonly string[] Variables =
    [
        "ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
        "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    /// <summary>A sentence for each that another program listens at: those of the dashboard, and the services' ports.</summary>
    public static IReadOnlyList<string> Find(IConfiguration configuration, SweepSettings? settings = null) =>
    [
        .. from named in new (string Setting, int? Port)[] { ("Stats", settings?.StatsPort), ("Evaluator", settings?.EvaluatorPort) }
           where named.Port is { } port && IsTaken(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"))
           select $"LiveClin:Ports:{named.Setting}: {named.Port} is taken: another program listens there already. "
               + "Name another port, leave it out to have a free one, or end that program.",
        .. from variable in Variables
           from address in configuration[variable]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []
           where IsTaken(address)
           select $"{variable}: {address} is taken: another program listens there already. "
               + "Name another port, leave it out to have a free one, or end that program.",
    ];

    // What cannot be read is for Aspire to say.
    private static bool IsTaken(string address)
    {
        try
        {
            var (host, port) = BindingAddress.Parse(address) is var parsed ? (parsed.Host.Trim('[', ']'), parsed.Port) : default;
            if (port == 0) return false;
            var at = IPAddress.TryParse(host, out var ip) ? ip : host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
            using var listener = new TcpListener(at, port);
            listener.Start();
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return false;
        }
    }
}
