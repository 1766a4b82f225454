using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>What Aspire expects of the launch profile and of the folder it is started from, set here so that neither matters.</summary>
internal static class RuntimeDefaults
{
    private const string UnsecuredTransport = "ASPIRE_ALLOW_UNSECURED_TRANSPORT";
    private static readonly string[] Addresses = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    /// <summary>Addresses of the dashboard: free ones on loopback, where http is enough, unless configured.</summary>
    public static void AddDashboardAddresses(this ConfigurationManager configuration)
    {
        // Not covered by the option of that name: the service that the dashboard reads the resources from would want a certificate.
        if (string.IsNullOrEmpty(configuration[UnsecuredTransport])) configuration[UnsecuredTransport] = "true";
        foreach (var key in Addresses.Where(k => string.IsNullOrEmpty(configuration[k]))) configuration[key] = $"http://127.0.0.1:{FreePort()}";
    }

    /// <summary>The app host's own appsettings.json where the program is started from elsewhere. The environment and the command line win over it.</summary>
    public static void AddOwnSettings(this IDistributedApplicationBuilder builder, string[] args)
    {
        if (Path.GetFullPath(builder.Environment.ContentRootPath).TrimEnd(Path.DirectorySeparatorChar) == builder.AppHostDirectory.TrimEnd(Path.DirectorySeparatorChar)) return;
        // Added at the end: putting a source before the others reads all of them again, and what Aspire has set by hand is lost.
        builder.Configuration
            .AddJsonFile(Path.Combine(builder.AppHostDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(builder.AppHostDirectory, $"appsettings.{builder.Environment.EnvironmentName}.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
