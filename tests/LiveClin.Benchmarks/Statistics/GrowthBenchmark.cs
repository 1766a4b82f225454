using System.Diagnostics;
using System.Globalization;
using LiveClin.Benchmarks.Pages;
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
/// Five models on releases of 1, 10 and 100 thousand cases: how statistics, pages and memory grow. Each size is a process of its own.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Models = 5;
    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    public static async Task<int> RunAsync(string[] args)
    {
        var sizes = args is ["--cases", var list]
            ? [.. list.Split(',').Select(each => int.Parse(each, CultureInfo.InvariantCulture))] : Sizes;
        foreach (var cases in sizes)
        {
            var own = Directory.CreateTempSubdirectory("liveclin-growth-").FullName;
            try
            {
                await RunOwnAsync("growth-size", own, cases.ToString(CultureInfo.InvariantCulture));
            }
            finally
            {
                Directory.Delete(own, recursive: true);
            }
        }

        return 0;
    }

    /// <summary>Measures one size.</summary>
    public static async Task<int> MeasureAsync(string[] args)
    {
        var (folder, cases) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture));
        var path = Path.Combine(folder, "store.db");
        if (!File.Exists(path))
        {
            // Making the release takes more memory than any of what is measured.
            await RunOwnAsync("growth-fill", path, cases.ToString(CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cases:#,0} cases, {Models} models: store of {new FileInfo(path).Length / 1e6:#,0} MB"));
        }

        await using (var store = ResultStore.OpenReadOnly(path))
        {
            var set = Timed("load", () => StoreSource.Load(store, new RunSelection(), CancellationToken.None));
            Timed("leaderboard", () => Leaderboard.Of(set));
            var bootstrap = Timed($"cluster bootstrap, {ClusterBootstrap.DefaultResamples:#,0} resamples",
                () => ClusterBootstrap.Run(set, set.Models));
            Timed("all pairs", () => ComparisonTable.Of(set, bootstrap));
            var report = Timed("whole report", () => Report.Of(set, PriceTable.Empty, DateTimeOffset.Now));
            Timed("its tables", () => ReportTables.Of(report).Sum(table => table.Rows.Length));
        }

        Console.WriteLine($"  {"",9}  statistics in one process: peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576:#,0} MiB");
        await PagesBenchmark.MeasureGrowthAsync(path, cases);
        return 0;
    }

    /// <summary>Writes the store.</summary>
    public static async Task<int> FillAsync(string[] args)
    {
        await GeneratedStore.FillAsync(args[0], Models, int.Parse(args[1], CultureInfo.InvariantCulture), epochs: 1, []);
        return 0;
    }

    private static async Task RunOwnAsync(params string[] arguments)
    {
        using var process = Process.Start("dotnet", [Environment.GetCommandLineArgs()[0], .. arguments]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }
}
