using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>What commands work with: the service's registrations, without its endpoints, logs and telemetry.</summary>
internal static class CommandServices
{
    /// <summary>The services over a store, which is opened when it is first needed; disposing of them closes it.</summary>
    public static ServiceProvider Compose(string store)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.Configure<EvaluatorOptions>(options => options.Store = store);
        services.AddRuns();
        services.AddImports();
        return services.BuildServiceProvider();
    }
}
