using System.Diagnostics;
using System.Globalization;
using LiveClin.Benchmarks.Pages;
using LiveClin.Core.Results;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using static LiveClin.Benchmarks.Statistics.Timing;

namespace LiveClin.Benchmarks.Statistics;

/// <summary>
/// What scores are made of, 30 models × 10 conditions × 1,407 cases: everything from the store in a process that knows nothing yet, one
/// model, and the pages over it in both services.
/// </summary>
internal static class ControlsBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--store", var kept])
        {
            MeasureStore(kept);
            await PagesBenchmark.MeasureControlsAsync(kept);
            return 0;
        }

        var folder = Directory.CreateTempSubdirectory("liveclin-controls-").FullName;
        try
        {
            var path = Path.Combine(folder, "store.db");
            var filling = Stopwatch.StartNew();
            await GeneratedStore.FillAsync(path, 1, GeneratedStore.Conditions);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"store of {GeneratedStore.Models} models x {GeneratedStore.Conditions.Length} conditions on {GeneratedStore.CaseCount} cases, {new FileInfo(path).Length / 1e6:#,0} MB, written in {filling.Elapsed.TotalSeconds:0} s; {Environment.ProcessorCount} cores"));
            MeasureStore(path);
            await PagesBenchmark.MeasureControlsAsync(path);
            if (args.Contains("--keep")) File.Move(path, Path.GetFullPath("controls-benchmark.db"), overwrite: true);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MeasureStore(string path)
    {
        for (var round = 1; round <= 2; round++)
        {
            using var store = new Held(ResultStore.OpenReadOnly(path));
            var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var source = Timed("published results, without texts",
                () => ControlSource.Load(store.Value, new RunSelection(), RecencyTable.Empty, CancellationToken.None));
            var run = store.Value.ListRuns().First(run => run.Specification.Condition == "shuffled:1");
            Timed("  outcomes of one run", () => store.Value.GetOutcomes(run.Id));
            Timed("  cases of one run", () => store.Value.CasesOf(run));
            Timed("  one model with its conditions", () => source.Of(source.Models.First()));
            var all = Timed("  all models with their conditions", () => source.All(CancellationToken.None));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {watch.Elapsed.TotalSeconds,7:0.000} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds,6:0.00} s of a core  together (aim: below 15 s from cold); {all.Sum(model => model.Tests)} tests"));
            if (round == 1) continue;
            Timed("tables of the report",
                () => ReportTables.Of(Report.Of(source.Set, PriceTable.Empty, DateTimeOffset.Now, new ControlBoard(all))).Count());
        }

        Console.WriteLine($"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576} MiB");
    }

    private sealed record Held(ResultStore Value) : IDisposable
    {
        public void Dispose() => Value.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
