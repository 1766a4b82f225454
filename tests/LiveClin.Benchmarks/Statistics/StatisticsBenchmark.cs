using System.Diagnostics;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using static LiveClin.Benchmarks.Statistics.Timing;

namespace LiveClin.Benchmarks.Statistics;

/// <summary>
/// 30 models × 1,407 cases from a store of its own: loading, the leaderboard with all intervals and comparisons, the whole report.
/// </summary>
internal static class StatisticsBenchmark
{
    public static async Task<int> RunAsync()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("liveclin-stats-").FullName, "store.db");
        await GeneratedStore.FillAsync(path);
        Console.WriteLine($"store of {GeneratedStore.Models} runs on {GeneratedStore.CaseCount} cases, {new FileInfo(path).Length / 1e6:0} MB");
        await using var store = ResultStore.OpenReadOnly(path);
        for (var round = 1; round <= 3; round++)
        {
            var set = Timed("load", () => StoreSource.Load(store, new RunSelection(), CancellationToken.None));
            var bootstrap = Timed($"cluster bootstrap, {ClusterBootstrap.DefaultResamples} resamples of {set.Models.Length} models",
                () => ClusterBootstrap.Run(set, set.Models));
            Timed("  of one model", () => ClusterBootstrap.Run(set, [set.Models[0]]));
            Timed("leaderboard: accounts and intervals", () => Leaderboard.Of(set));
            Timed("leaderboard: all pairs, ranks, groups", () => ComparisonTable.Of(set, bootstrap));
            Timed("whole report", () => Report.Of(set, PriceTable.Empty, DateTimeOffset.Now));
        }

        Console.WriteLine($"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576} MiB on {Environment.ProcessorCount} cores");
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return 0;
    }
}
