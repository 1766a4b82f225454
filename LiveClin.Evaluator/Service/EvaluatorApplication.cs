using Google.Protobuf.Reflection;
using Google.Rpc;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults;
using Microsoft.Extensions.Options;

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
        await app.RunAsync(cancellationToken);
    }

    /// <summary>Builds the service and opens its store; starts nothing.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> overrides)
    {
        // The content root is where the program lies, so that appsettings.json is found from any folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides);

        builder.AddServiceDefaults();
        builder.AddResultStore();
        builder.AddRuns();
        builder.AddEvaluatorRpc();

        var app = builder.Build();
        app.Services.GetRequiredService<ResultStore>(); // a store that cannot be used is reported before anything listens

        app.MapDefaultEndpoints();
        app.MapEvaluatorRpc();
        return app;
    }

    private static void AddResultStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<EvaluatorOptions, EvaluatorOptionsValidator>().BindConfiguration(EvaluatorOptions.Section);
        builder.Services.AddSingleton(services => ResultStore.Open(services.GetRequiredService<IOptions<EvaluatorOptions>>().Value.Store));
    }

    private static void AddRuns(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new ReleaseLibrary(services.GetRequiredService<IOptions<EvaluatorOptions>>().Value.DataDirectory));
        builder.Services.AddSingleton(_ => new ImageLibrary());
        builder.Services.AddSingleton<ModelClientFactory>();
        builder.Services.AddSingleton<VisionCheck>();
        builder.Services.AddSingleton<RunManager>();
        builder.Services.AddSingleton<ReleaseCatalog>();
        builder.Services.AddSingleton<RequestedFiles>();
        builder.Services.AddSingleton<ImportService>();
        builder.Services.AddSingleton<RunService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RunService>());
    }

    private static void AddEvaluatorRpc(this WebApplicationBuilder builder)
    {
        builder.Services.AddGrpc(options => options.Interceptors.Add<ErrorInterceptor>())
            // The JSON form of an error needs to know the types of its details.
            .AddJsonTranscoding(options => options.TypeRegistry = TypeRegistry.FromMessages(BadRequest.Descriptor, ErrorInfo.Descriptor));
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
    }

    private static void MapEvaluatorRpc(this WebApplication app)
    {
        app.MapGrpcService<EvaluatorRpc>();
        app.MapFileEndpoints();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
    }
}
