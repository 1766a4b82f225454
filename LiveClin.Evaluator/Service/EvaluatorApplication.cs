using LiveClin.ServiceDefaults;

namespace LiveClin.Evaluator.Service;

/// <summary>The service: gRPC on the HTTP/2 endpoint; the same as JSON, and health, on the HTTP/1.1 endpoint.</summary>
internal static class EvaluatorApplication
{
    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="overrides">Settings that win over appsettings.json and the environment.</param>
    /// <param name="cancellationToken">Stops the service.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string?> overrides, CancellationToken cancellationToken)
    {
        await using var app = Build(overrides);
        await app.RunAsync(cancellationToken);
        return 0;
    }

    /// <summary>Builds the service without starting it.</summary>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> overrides)
    {
        // The content root is where the program lies, so that appsettings.json is found from any folder.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides);

        builder.AddServiceDefaults();

        var app = builder.Build();

        app.MapDefaultEndpoints();
        return app;
    }
}
