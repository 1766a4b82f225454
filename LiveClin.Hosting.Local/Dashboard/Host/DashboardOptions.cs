using System.ComponentModel.DataAnnotations;
using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.Extensions.Options;

namespace LiveClin.Hosting.Local.Dashboard.Host;

/// <summary>Settings of the dashboard (section <c>LiveClin:Dashboard</c>); everything listens on loopback only.</summary>
internal sealed class DashboardOptions
{
    public const string Section = "LiveClin:Dashboard";

    /// <summary>Port of the pages; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>Port of OTLP over gRPC; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int OtlpGrpcPort { get; set; }

    /// <summary>Port of OTLP over HTTP; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int OtlpHttpPort { get; set; }

    /// <summary>The token in the login URL; null makes a random one at each start.</summary>
    [MinLength(16)]
    public string? Token { get; set; }

    /// <summary>The key that senders of telemetry must give; null makes a random one at each start.</summary>
    [MinLength(16)]
    public string? OtlpApiKey { get; set; }

    /// <summary>How much telemetry is kept.</summary>
    [ValidateObjectMembers]
    public TelemetryLimits Limits { get; set; } = new();
}

/// <summary>Reports every setting that is out of range at once.</summary>
[OptionsValidator]
internal sealed partial class DashboardOptionsValidator : IValidateOptions<DashboardOptions>;
