using LiveClin.Evaluator.V1;
using LiveClin.Core.Text;
using LiveClin.ServiceDefaults;
using LiveClin.ServiceDefaults.Access;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Pages.Host;
using LiveClin.Stats.Plots;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using LiveClin.Stats.View;
using Microsoft.Extensions.Options;

namespace LiveClin.Stats.Service;

/// <summary>The service: gRPC on the HTTP/2 endpoint; the same as JSON, and health, on the HTTP/1.1 endpoint.</summary>
internal static class StatsApplication
{
    // A batch of answers with long replies may pass the default of 4 MiB.
    private const int LargestMessage = 64 * 1024 * 1024;

    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="overrides">Settings that win over appsettings.json and the environment.</param>
    /// <param name="cancellationToken">Stops the service.</param>
    public static async Task RunAsync(IEnumerable<KeyValuePair<string, string?>> overrides, CancellationToken cancellationToken)
    {
        Cores.LeaveOne();
        await using var app = Build(overrides);
        await WebServer.RunAsync(app, () => Announce(app), cancellationToken);
    }

    // To the console and to no log: logs travel.
    private static void Announce(WebApplication app)
    {
        var token = app.Services.GetRequiredService<AccessToken>();
        if (token.Value is null)
            Console.Error.WriteLine(
                "warning: Access:Anonymous is on: every user of this machine can read the pages and use what they can do.");
        else if (app.Configuration[$"{AccessToken.Section}:Token"] is null)
            Console.WriteLine($"Open {token.Link(app.Urls.Last().TrimEnd('/') + "/")}");
    }

    /// <summary>Builds the service; starts nothing.</summary>
    /// <param name="overrides">Settings that win over appsettings.json and the environment.</param>
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = CreateBuilder(overrides);
        builder.Services.AddSingleton(AccessToken.Of(builder.Configuration, () => EvaluatorAccess.FindToken(builder.Configuration)));
        builder.Services.AddSingleton(new PageAccess(Source: null));
        builder.AddEvaluator();
        return Complete(builder);
    }

    /// <summary>Builds the pages over a store, read-only and without an evaluator; starts nothing.</summary>
    /// <param name="viewed">The store.</param>
    /// <param name="url">The one address to listen on.</param>
    /// <param name="overrides">Settings that win over appsettings.json and the environment.</param>
    public static WebApplication BuildView(ViewedStore viewed, string url, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = CreateBuilder(overrides);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Configure()); // the endpoints in appsettings.json are the service's
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton(AccessToken.Of(builder.Configuration));
        builder.Services.AddViewedStore(viewed);
        return Complete(builder);
    }

    private static WebApplicationBuilder CreateBuilder(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        // The content root is where the program lies, so that appsettings.json is found from any folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides);
        return builder;
    }

    private static WebApplication Complete(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.Services.AddShownLogs(ShownText.Line, ShownText.Lines);
        builder.AddResultSets();
        builder.AddRpc("The statistics service", StatsErrors.Explain);
        builder.AddPages();

        var app = builder.Build();
        app.UseAccess();
        app.MapDefaultEndpoints();
        app.MapRpc<StatsRpc>();
        app.MapStatsFiles();
        app.MapPages();
        return app;
    }

    private static void AddEvaluator(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<StatsOptions, StatsOptionsValidator>().BindConfiguration(StatsOptions.Section);
        builder.Services.AddGrpcClient<EvaluatorService.EvaluatorServiceClient>((services, options) =>
        {
            options.Address = services.GetRequiredService<IOptions<StatsOptions>>().Value.Evaluator;
            options.ChannelOptionsActions.Add(channel =>
                (channel.MaxReceiveMessageSize, channel.UnsafeUseInsecureChannelCallCredentials) = (LargestMessage, true));
        })
        .AddCallCredentials((_, metadata, services) =>
        {
            if (EvaluatorAccess.TokenOf(services) is { } token) metadata.Add("authorization", $"Bearer {token}");
            return Task.CompletedTask;
        })
        .AddInterceptor(services => new EvaluatorDeadlines(services.GetRequiredService<IOptions<StatsOptions>>().Value.EvaluatorPatience))
        // The evaluator is on this machine; a proxy from the environment has nothing to do with it. A silent one is asked whether it is
        // there.
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            UseProxy = false, EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30), KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
        });
    }

    private static void AddResultSets(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(PriceTable.From(builder.Configuration));
        builder.Services.AddSingleton(RecencyTable.From(builder.Configuration));
        builder.Services.AddSingleton<SharedWork>();
        builder.Services.AddHostedService<MemoryReturn>();
        builder.Services.AddSingleton<KeptJson>();
        builder.Services.AddSingleton<PlotFiles>();
        builder.Services.AddSingleton<EvaluatorSource>();
        builder.Services.AddSingleton<ResultSetLoader>();
        builder.Services.AddSingleton<ControlReader>();
    }
}
