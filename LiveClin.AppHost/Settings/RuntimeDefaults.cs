using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>Addresses that Aspire's dashboard wants to be told; free ones on loopback unless configured.</summary>
internal static class RuntimeDefaults
{
    private static readonly string[] Addresses = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    /// <summary>Fills in what is missing.</summary>
    public static void AddDashboardAddresses(this ConfigurationManager configuration)
    {
        foreach (var key in Addresses.Where(k => string.IsNullOrEmpty(configuration[k]))) configuration[key] = $"http://127.0.0.1:{FreePort()}";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
