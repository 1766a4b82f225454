namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>Feeds targets with changed inputs: here, and with a fixed seed in the tests.</summary>
internal static class FuzzLoop
{
    private const long MostGrowth = 400L << 20;
    private const int Frames = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

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
                var what = error is TimeoutException
                    ? $"nothing came of it for {Longest}" : string.Join('\n', error.ToString().Split('\n').Take(Frames));
                await output.WriteLineAsync(
                    $"FAULT in {target.Name}, seed {seed}, round {round}: {what}\n  input: {Convert.ToBase64String(input)}");
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
}
