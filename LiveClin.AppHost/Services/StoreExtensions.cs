using LiveClin.AppHost.Settings;
using LiveClin.Core.Results;

namespace LiveClin.AppHost.Services;

/// <summary>Tells the evaluator where results go. What may hold a password is a secret parameter: the dashboard shows none of it.</summary>
internal static class StoreExtensions
{
    private const string ServerName = "postgres", DatabaseName = "liveclin", VolumeName = "liveclin-postgres";

    /// <summary>The store of the settings; for <c>container</c> a PostgreSQL server with a volume that outlives it.</summary>
    public static IResourceBuilder<ServiceResource> WithStore(this IResourceBuilder<ServiceResource> service, SweepSettings settings)
    {
        var (builder, store) = (service.ApplicationBuilder, settings.Store);
        if (store.IsContainer)
        {
            var database = builder.AddPostgres(ServerName).WithDataVolume(VolumeName).AddDatabase(DatabaseName);
            return service.WithReference(database).WaitFor(database).WithResults(settings);
        }

        // A deployment's description knows nothing of this machine's.
        if (builder.ExecutionContext.IsPublishMode) return service;
        if (store.File is { } file) return service.WithEnvironment("LiveClin__Store", file);
        service.WithEnvironment(StoreLocation.Variable,
            builder.AddParameter("store", store.Database!, publishValueAsDefault: false, secret: true));
        if (store.Password is { } password)
            service.WithEnvironment("PGPASSWORD",
                builder.AddParameter("store-password", password, publishValueAsDefault: false, secret: true));
        return service.WithResults(settings);
    }

    // What lies beside a file lies here when there is none.
    private static IResourceBuilder<ServiceResource> WithResults(this IResourceBuilder<ServiceResource> service, SweepSettings settings) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? service : service.WithEnvironment("LiveClin__Results", settings.ResultsFolder);
}
