using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>What commands work with: the service's registrations, without its endpoints, logs and telemetry.</summary>
internal static class CommandServices
{
    /// <summary>The services over a store, which is opened when it is first needed; disposing of them closes it.</summary>
    /// <param name="store">The store's file.</param>
    /// <param name="maxReplyBytes">Longest reply of a model's server; null for the usual.</param>
    public static ServiceProvider Compose(string store, long? maxReplyBytes = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.Configure<EvaluatorOptions>(options =>
            (options.Store, options.MaxReplyBytes) = (store, maxReplyBytes ?? options.MaxReplyBytes));
        services.AddRuns();
        services.AddImports();
        return services.BuildServiceProvider();
    }
}
