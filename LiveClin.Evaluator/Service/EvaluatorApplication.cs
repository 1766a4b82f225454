using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.Runs;
using LiveClin.Core.Text;
using LiveClin.ServiceDefaults;
using LiveClin.ServiceDefaults.Access;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

/// <summary>The service: gRPC on the HTTP/2 endpoint; the same as JSON, and health, on the HTTP/1.1 endpoint.</summary>
internal static class EvaluatorApplication
{
    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="overrides">Settings that win over appsettings.json and the environment.</param>
    /// <param name="cancellationToken">Stops the service.</param>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static async Task RunAsync(IReadOnlyDictionary<string, string?> overrides, CancellationToken cancellationToken)
    {
        await using var app = Build(overrides);
        await WebServer.RunAsync(app, () => Announce(app), cancellationToken);
    }

    /// <summary>Builds the service and opens its store; starts nothing.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> overrides)
    {
        // The content root is where the program lies, so that appsettings.json is found from any folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides);

        builder.AddServiceDefaults();
        builder.Services.AddShownLogs(ShownText.Line, ShownText.Lines);
        builder.AddEvaluator();
        builder.AddRpc("The evaluator", EvaluatorErrors.Explain);

        Upload.RemoveLeftovers();
        builder.Services.AddSingleton(AccessToken.Of(builder.Configuration));
        builder.Services.AddSingleton<AccessFile>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AccessFile>());
        var app = builder.Build();
        app.Services.GetRequiredService<ResultStore>(); // a store that cannot be used is reported before anything listens

        app.UseAccess();
        app.MapDefaultEndpoints();
        app.MapRpc<EvaluatorRpc>();
        app.MapEvaluatorFiles();
        return app;
    }

    // To the console and to no log: logs travel.
    private static void Announce(WebApplication app)
    {
        if (app.Services.GetRequiredService<ResultStore>().Warning is { } warning) Console.Error.WriteLine($"warning: {warning}");
        var token = app.Services.GetRequiredService<AccessToken>();
        if (token.Value is null)
            Console.Error.WriteLine("warning: Access:Anonymous is on: every user of this machine can start, read, cancel and delete runs.");
        else if (!token.IsConfigured)
            Console.WriteLine($"Callers need the token in {app.Services.GetRequiredService<AccessFile>().FullName}, which this user alone can read.");
    }

    // Runs and imports are registered as the commands have them; the rest is what only a service needs.
    private static void AddEvaluator(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<EvaluatorOptions, EvaluatorOptionsValidator>().BindConfiguration(EvaluatorOptions.Section);
        // Whoever names no store means the database that the connection strings name, where they do.
        if (builder.Configuration[$"{EvaluatorOptions.Section}:Store"] is null
            && builder.Configuration[StoreLocation.Setting] is { Length: > 0 } database)
            services.Configure<EvaluatorOptions>(options => options.Store = database);
        services.AddRuns();
        services.AddImports();
        services.AddSingleton<StoreHealth>();
        services.AddHealthChecks().AddCheck<StoreHealth>("store");
        services.AddSingleton<DataFolders>();
        services.AddSingleton<ReleaseCatalog>();
        services.AddSingleton<IReleaseSource>(provider => provider.GetRequiredService<ReleaseCatalog>());
        services.AddSingleton<RequestedFiles>();
        services.AddSingleton<ImportService>();
        services.AddSingleton<RunService>();
        services.AddHostedService(provider => provider.GetRequiredService<RunService>());
    }
}
