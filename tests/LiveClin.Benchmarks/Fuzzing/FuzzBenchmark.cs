using System.Diagnostics;
using System.Globalization;

namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>
/// Feeds all that reads what comes from outside with inputs that are changed at random: no exception but those that are meant for it, no
/// hang, no growth. The same seed gives the same inputs.
/// </summary>
internal static class FuzzBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var minutes = double.Parse(Option(args, "--minutes") ?? "10", CultureInfo.InvariantCulture);
        var seed = int.Parse(Option(args, "--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("liveclin-fuzz-").FullName;
        try
        {
            await using var service = args.Contains("--no-service") ? null : await FuzzedService.StartAsync();
            List<FuzzTarget> targets = [.. FuzzTargets.Make(folder), .. service?.Targets() ?? []];
            Console.WriteLine($"seed {seed}, {minutes} minutes, {targets.Count} kinds of input");
            var clock = Stopwatch.StartNew();
            var faults = await FuzzLoop.RunAsync(targets, seed, () => clock.Elapsed.TotalMinutes < minutes, Console.Out);
            if (service is not null) Console.WriteLine(service.Describe());
            return faults == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Option(string[] args, string name) => args.SkipWhile(word => word != name).Skip(1).FirstOrDefault();
}
