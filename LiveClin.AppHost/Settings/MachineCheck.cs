using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>What of this machine stands in the way of a start, found before Aspire would tell of it with stack traces, or wait.</summary>
internal static class MachineCheck
{
    /// <summary>A sentence for each: addresses that are taken, no engine for a store's container.</summary>
    public static async Task<IReadOnlyList<string>> FindProblemsAsync(IConfiguration configuration, SweepSettings? settings)
    {
        var taken = TakenAddresses.Find(configuration, settings);
        if (settings is not { Store.IsContainer: true }) return taken;
        return await ContainerRuntime.FindProblemAsync(configuration, CancellationToken.None) is { } problem ? [.. taken, problem] : taken;
    }
}
