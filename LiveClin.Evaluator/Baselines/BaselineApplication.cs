using LiveClin.Core.Cases;
using LiveClin.Evaluator.Baselines.Simulated;
using LiveClin.ServiceDefaults;

namespace LiveClin.Evaluator.Baselines;

/// <summary>The built-in examinees as a server of their own: floors, and simulated examinees of a release.</summary>
internal static class BaselineApplication
{
    /// <summary>Where the server listens unless told otherwise.</summary>
    public const string DefaultUrls = "http://127.0.0.1:5290";

    // Several images of the largest size that a run sends, in every turn of a conversation.
    private const long LargestRequest = 1L << 30;

    /// <summary>Builds the server without starting it.</summary>
    /// <param name="urls">
    /// Addresses to listen on, separated by semicolons; null for those of the environment (ASPNETCORE_URLS) or the default.
    /// </param>
    /// <param name="release">The release that simulated examinees are examined on; null to serve the floors alone.</param>
    public static WebApplication Build(string? urls, Release? release = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Nothing here needs protection from other sites' pages, and whoever gives other addresses wants to be reached there.
        builder.Configuration.AddInMemoryCollection([new("AllowedHosts", "*")]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Configure(); // the endpoints in appsettings.json are the evaluator's
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.AddServerHeader = false;
        });
        builder.WebHost.UseUrls(urls ?? builder.Configuration["urls"] ?? DefaultUrls);
        builder.AddServiceDefaults();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapBaselines(new ServedModels(release is null ? null : new ExamRoom(release)));
        return app;
    }
}
