using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Telemetry;

/// <summary>
/// Where the dashboard takes telemetry, as both hosting libraries say it: in the configuration, from the dashboard's start on.
/// </summary>
internal sealed class DashboardOtlp(IConfiguration configuration)
{
    /// <summary>The header that carries the key.</summary>
    public const string KeyHeader = "x-otlp-api-key";

    /// <summary>Address of OTLP over gRPC; null without a dashboard.</summary>
    public Uri? Endpoint =>
        Uri.TryCreate(configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"], UriKind.Absolute, out var address) ? address : null;

    /// <summary>The key that the dashboard wants; null when it wants none.</summary>
    public string? Key => configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key ? key : null;
}
