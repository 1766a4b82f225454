using System.Diagnostics;
using System.Globalization;
using LiveClin.Benchmarks.Evaluate;
using LiveClin.Core.Results;

namespace LiveClin.Benchmarks.Kills;

/// <summary>
/// Ends <c>evaluate</c> by SIGKILL at random moments, again and again, and starts it again: no answer may be lost, replaced or asked for
/// a second time, except those that were under way. Then the same while an old store is migrated, while results are imported, and for the
/// service.
/// </summary>
internal static class KillTrials
{
    private const int Cases = 120, Concurrency = 8;
    private static readonly string Evaluator = BenchmarkPaths.Program("LiveClin.Evaluator");

    public static async Task<int> RunAsync(string[] args)
    {
        var kills = Number(args, "--evaluate", 40);
        var (migrations, imports) = (Number(args, "--migration", 22), Number(args, "--import", 7));
        var services = Number(args, "--service", 25);
        var folder = Directory.CreateTempSubdirectory("liveclin-kills-").FullName;
        try
        {
            // What is imported is what the first has made.
            var faults = await EvaluateAsync(folder, kills) + await MigrateAsync(folder, migrations) + await ImportAsync(folder, imports);
            using var trials = new ServiceKillTrials(folder);
            if (services > 0) faults += await trials.RunAsync(services);
            Console.WriteLine(faults == 0 ? "nothing lost, nothing replaced" : $"{faults} FAULTS");
            return faults == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> EvaluateAsync(string folder, int kills)
    {
        await using var server = await CountingServer.StartAsync();
        var jsonl = GeneratedRelease.Write(Path.Combine(BenchmarkPaths.RepositoryRoot, "data", "demo"), folder, Cases);
        var store = Path.Combine(folder, "kills.db");
        string[] command =
        [
            "evaluate", "--model", "m", "--api-base", server.Url, "--image-mode", "local", "--jsonl-path", jsonl, "--image-root",
            Path.Combine(folder, "images"),
            "--store", store, "--params", "plain", "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture),
        ];
        var random = new Random(40);
        var (known, faults, killed) = (new Dictionary<(int, int), Answer>(), 0, 0);
        while (killed < kills)
        {
            var before = server.Requests;
            using var process = Start(command);
            // Killed some requests after it has begun to ask, or during its start.
            var wanted = random.Next(5) == 0 ? 0 : 1 + random.Next(12);
            while (!process.HasExited && server.Requests < before + wanted) await Task.Delay(5);
            if (wanted == 0) await Task.Delay(random.Next(1500));
            if (process.HasExited) break;
            process.Kill();
            await process.WaitForExitAsync();
            killed++;
            faults += await CompareAsync(store, known);
        }

        using var last = Start(command);
        await last.WaitForExitAsync();
        faults += await CompareAsync(store, known);
        var again = server.Requests - known.Count;
        Console.WriteLine($"evaluate: {killed} kills; {known.Count} answers stored, {server.Requests} requests: {again} of the {killed} x {Concurrency} that could be under way were asked again; last exit code {last.ExitCode}");
        return last.ExitCode != 0 || again < 0 || again > killed * Concurrency ? faults + 1 : faults;
    }

    // Migrated as a whole or not at all, whenever the process ends.
    private static async Task<int> MigrateAsync(string folder, int kills)
    {
        var old = Path.Combine(BenchmarkPaths.RepositoryRoot, "tests", "LiveClin.Testing", "Stores", "schema-2.store");
        var (faults, random) = (0, new Random(22));
        for (var kill = 0; kill < kills; kill++)
        {
            var store = Path.Combine(folder, $"old-{kill}.db");
            File.Copy(old, store);
            using (var process = Start("runs", "tag", "none", "x", "--store", store))
            {
                await Task.Delay(200 + random.Next(900));
                if (!process.HasExited) process.Kill();
                await process.WaitForExitAsync();
            }

            await using var migrated = ResultStore.Open(store);
            var runs = migrated.ListRuns();
            if (runs.Count != 5 || runs.Sum(run => migrated.GetAnswers(run.Id).Count) != 55) faults++;
        }

        Console.WriteLine($"migration: {kills} kills, {faults} stores that were not whole afterwards");
        return faults;
    }

    private static async Task<int> ImportAsync(string folder, int kills)
    {
        var (faults, random) = (0, new Random(7));
        var source = Path.Combine(folder, "kills.db");
        var results = Path.Combine(folder, "results.json");
        string run;
        await using (var store = ResultStore.OpenReadOnly(source)) run = store.ListRuns()[0].Id;
        using (var export = Start("export", "--format", "v1", "--run", run, "--output", results, "--store",
            source)) await export.WaitForExitAsync();
        var target = Path.Combine(folder, "imported.db");
        for (var kill = 0; kill < kills; kill++)
        {
            using var process = Start("import", results, "--store", target);
            await Task.Delay(300 + random.Next(1200));
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
        }

        using (var process = Start("import", results, "--store", target)) await process.WaitForExitAsync();
        await using var imported = ResultStore.OpenReadOnly(target);
        var runs = imported.ListRuns();
        foreach (var each in runs)
            if (imported.GetAnswers(each.Id).Count(answer => answer.Reply is not null) is var count && each.Status == RunStatus.Completed
                && count != imported.Tally(each).Questions) faults++;
        Console.WriteLine($"import: {kills} kills, {runs.Count} run(s) afterwards, {faults} that say that they are complete and are not");
        return runs.Count == 0 ? faults + 1 : faults;
    }

    // What was stored once stays as it was.
    private static async Task<int> CompareAsync(string path, Dictionary<(int, int), Answer> known)
    {
        if (!File.Exists(path)) return known.Count;
        await using var store = ResultStore.OpenReadOnly(path);
        var runs = store.ListRuns();
        if (runs.Count == 0) return known.Count;
        var stored = store.GetAnswers(runs[0].Id).ToDictionary(answer => (answer.CaseOrdinal, answer.QuestionIndex));
        var faults = known.Count(each => !stored.TryGetValue(each.Key, out var now) || now != each.Value || now.IsDamaged)
            + (runs.Count - 1);
        foreach (var (place, answer) in stored.Where(each => each.Value.Reply is not null)) known[place] = answer;
        return faults;
    }

    private static Process Start(params string[] arguments)
    {
        var process = Process.Start(
            new ProcessStartInfo("dotnet", [Evaluator, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        args.SkipWhile(word => word != name).Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            .FirstOrDefault(otherwise);
}
