using System.Diagnostics;
using System.Globalization;

namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>
/// Feeds all that reads what comes from outside with inputs that are changed at random: no exception but those that are meant for it, no hang, no
/// growth. The same seed gives the same inputs.
/// </summary>
internal static class FuzzBenchmark
{
    private const long MostGrowth = 400L << 20;
    private const int Frames = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var minutes = double.Parse(Option(args, "--minutes") ?? "10", CultureInfo.InvariantCulture);
        var seed = int.Parse(Option(args, "--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("liveclin-fuzz-").FullName;
        try
        {
            await using var service = args.Contains("--no-service") ? null : await FuzzedService.StartAsync();
            List<FuzzTarget> targets = [.. FuzzTargets.Make(folder), .. service?.Targets() ?? []];
            Console.WriteLine($"seed {seed}, {minutes} minutes, {targets.Count} kinds of input");
            var clock = Stopwatch.StartNew();
            var faults = await RunAsync(targets, seed, () => clock.Elapsed.TotalMinutes < minutes, Console.Out);
            if (service is not null) Console.WriteLine(service.Describe());
            return faults == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Feeds the targets in turn; returns the number of faults, and writes each with what repeats it.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<FuzzTarget> targets, int seed, Func<bool> goesOn, TextWriter output)
    {
        var mutator = new Mutator(new Random(seed));
        var (fed, faults) = (new int[targets.Count], 0);
        var before = 0L;
        for (var round = 0; goesOn(); round++)
        {
            var target = targets[round % targets.Count];
            var input = mutator.Next(target.Corpus);
            fed[round % targets.Count]++;
            try
            {
                await Task.Run(() => target.Read(input)).WaitAsync(Longest);
            }
            catch (Exception error)
            {
                faults++;
                var what = error is TimeoutException ? $"nothing came of it for {Longest}" : string.Join('\n', error.ToString().Split('\n').Take(Frames));
                await output.WriteLineAsync($"FAULT in {target.Name}, seed {seed}, round {round}: {what}\n  input: {Convert.ToBase64String(input)}");
            }

            if (round == 200 * targets.Count) before = GC.GetTotalMemory(forceFullCollection: true);
            if (round % (5000 * targets.Count) != 0 || before == 0) continue;
            var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
            if (growth <= MostGrowth) continue;
            faults++;
            await output.WriteLineAsync($"FAULT: memory has grown by {growth >> 20} MiB in {round} rounds");
            break;
        }

        foreach (var (i, target) in targets.Index()) await output.WriteLineAsync($"  {target.Name,-16} {fed[i],9} inputs");
        await output.WriteLineAsync($"{fed.Sum()} inputs, {faults} faults");
        return faults;
    }

    private static string? Option(string[] args, string name) => args.SkipWhile(word => word != name).Skip(1).FirstOrDefault();
}
