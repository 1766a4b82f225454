using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Pages.Host;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using Microsoft.Extensions.Options;

namespace LiveClin.Stats.Service;

/// <summary>The service: gRPC on the HTTP/2 endpoint; the same as JSON, and health, on the HTTP/1.1 endpoint.</summary>
internal static class StatsApplication
{
    // A batch of answers with long replies may pass the default of 4 MiB.
    private const int LargestMessage = 64 * 1024 * 1024;

    /// <summary>Runs the service until it is told to stop.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        Cores.LeaveOne();
        await using var app = Build([]);
        await app.RunAsync(cancellationToken);
    }

    /// <summary>Builds the service; starts nothing.</summary>
    /// <param name="overrides">Settings that win over appsettings.json and the environment.</param>
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        // The content root is where the program lies, so that appsettings.json is found from any folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides);

        builder.AddServiceDefaults();
        builder.AddResultSets();
        builder.AddRpc("The statistics service", StatsErrors.Explain);
        builder.AddPages();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapRpc<StatsRpc>();
        app.MapStatsFiles();
        app.MapPages();
        return app;
    }

    private static void AddResultSets(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<StatsOptions, StatsOptionsValidator>().BindConfiguration(StatsOptions.Section);
        builder.Services.AddGrpcClient<EvaluatorService.EvaluatorServiceClient>((services, options) =>
        {
            options.Address = services.GetRequiredService<IOptions<StatsOptions>>().Value.Evaluator;
            options.ChannelOptionsActions.Add(channel => channel.MaxReceiveMessageSize = LargestMessage);
        })
        // The evaluator is on this machine; a proxy from the environment has nothing to do with it.
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(PriceTable.From(builder.Configuration));
        builder.Services.AddSingleton<EvaluatorSource>();
        builder.Services.AddSingleton<ResultSetLoader>();
    }
}
