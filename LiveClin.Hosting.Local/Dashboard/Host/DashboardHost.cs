using System.Net;
using System.Security.Cryptography;
using LiveClin.Hosting.Local.Dashboard.Resources;
using LiveClin.Hosting.Local.Otlp.Receivers;
using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MudBlazor.Services;

namespace LiveClin.Hosting.Local.Dashboard.Host;

/// <summary>The dashboard as it runs inside the app host: pages and OTLP receivers, each on a loopback port of its own.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardHost(WebApplication app, TelemetryStore telemetry, string token, string apiKey, IReadOnlyList<string> addresses)
    {
        _app = app;
        Telemetry = telemetry;
        OtlpApiKey = apiKey;
        Url = new Uri(addresses[0]);
        LoginUrl = new Uri(Url, "/login?t=" + Uri.EscapeDataString(token));
        OtlpGrpcUrl = new Uri(addresses[1]);
        OtlpHttpUrl = new Uri(addresses[2]);
    }

    /// <summary>Where the pages are.</summary>
    public Uri Url { get; }

    /// <summary>The address to print: opens the dashboard and logs in. It holds the token.</summary>
    public Uri LoginUrl { get; }

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> with the protocol <c>grpc</c>.</summary>
    public Uri OtlpGrpcUrl { get; }

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> with the protocol <c>http/protobuf</c>.</summary>
    public Uri OtlpHttpUrl { get; }

    /// <summary>For <c>OTEL_EXPORTER_OTLP_HEADERS</c>: <c>x-otlp-api-key=…</c>.</summary>
    public string OtlpApiKey { get; }

    /// <summary>Everything received; the app host may add its own telemetry.</summary>
    public TelemetryStore Telemetry { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="OptionsValidationException">Settings are out of range.</exception>
    /// <exception cref="IOException">A configured port is in use.</exception>
    public static async Task<DashboardHost> StartAsync(DashboardOptions options, IDashboardResources resources, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        var validation = new DashboardOptionsValidator().Validate(DashboardOptions.Section, options);
        if (validation.Failed) throw new OptionsValidationException(DashboardOptions.Section, typeof(DashboardOptions), validation.Failures);

        var token = options.Token ?? NewSecret();
        var apiKey = options.OtlpApiKey ?? NewSecret();
        var telemetry = new TelemetryStore(options.Limits);

        // An empty builder reads neither settings files nor ASPNETCORE_ variables: those belong to the app host's services.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = typeof(DashboardHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new ForwardingLoggerProvider(loggerFactory));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddSingleton(resources);
        builder.Services.AddSingleton(new DashboardAccess(token));
        builder.Services.AddOtlpReceivers(telemetry, apiKey);
        AddPages(builder.Services);

        var app = builder.Build();
        MapAll(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new(app, telemetry, token, apiKey, [.. addresses]);
    }

    public async ValueTask DisposeAsync()
    {
        // Open pages hold their connection for good; they are cut off instead of being waited for.
        using var cancelled = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(cancelled.Token);
        await _app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, DashboardOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 500;
        kestrel.Limits.MaxRequestBodySize = options.Limits.MaxRequestBytes;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Listen(IPAddress.Loopback, options.Port, port => Configure(port, HttpProtocols.Http1, Listener.Web));
        kestrel.Listen(IPAddress.Loopback, options.OtlpGrpcPort, port => Configure(port, HttpProtocols.Http2, Listener.OtlpGrpc));
        kestrel.Listen(IPAddress.Loopback, options.OtlpHttpPort, port => Configure(port, HttpProtocols.Http1, Listener.OtlpHttp));
    }

    private static void Configure(ListenOptions port, HttpProtocols protocols, Listener listener)
    {
        port.Protocols = protocols;
        listener.Mark(port);
    }

    private static void AddPages(IServiceCollection services)
    {
        services.AddRouting();
        // Keys on disk would outlive the session; nothing here needs to be readable after a restart.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 4;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
        services.AddMudServices();
        services.AddSingleton<EmbeddedFiles>();
        services.AddScoped<Shell.BrowserState>();
    }

    private static void MapAll(WebApplication app)
    {
        app.UseMiddleware<DashboardGuard>();
        app.UseRouting();
        app.Use(next => context => Listener.Check(context, next));
        app.UseMiddleware<DashboardLogin>();
        app.UseAntiforgery();
        app.MapOtlpReceivers();
        app.Services.GetRequiredService<EmbeddedFiles>().Map(app);
        DashboardLogin.Map(app);
        ConsoleLogs.ConsoleDownload.Map(app);
        Traces.ChatImages.Map(app);
        app.MapRazorComponents<Shell.App>().AddInteractiveServerRenderMode();
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
