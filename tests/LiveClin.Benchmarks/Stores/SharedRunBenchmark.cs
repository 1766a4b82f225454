using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LiveClin.Benchmarks.Evaluate;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// Several evaluators on one run of a whole release, each with a server of its own that is the bottleneck: wall time with four against one, and
/// every question counted at the servers. With <c>--kill SECONDS</c> an evaluator is killed that often and started again, and the database
/// restarts twice.
/// </summary>
internal static class SharedRunBenchmark
{
    // A server like one with a few GPUs: so many requests at a time, each so long.
    private const int Places = 8;

    public static async Task<int> RunAsync(string[] args)
    {
        var cases = Number(args, "--cases", 1407);
        var (kill, delay, evaluators) = (Number(args, "--kill", 0), Number(args, "--reply-ms", 60), Number(args, "--evaluators", 4));
        var folder = Directory.CreateTempSubdirectory("liveclin-shared-").FullName;
        var programs = PostgresServer.FindPrograms() ?? throw new InvalidOperationException("Install Debian's package postgresql first.");
        await using var server = await PostgresServer.StartAsync(programs, durable: true);
        try
        {
            var jsonl = SmallRelease.Write(folder, cases);
            if (kill > 0)
            {
                await MeasureAsync(server, jsonl, evaluators, delay, kill);
                return 0;
            }

            var alone = await MeasureAsync(server, jsonl, 1, delay, 0);
            var together = await MeasureAsync(server, jsonl, evaluators, delay, 0);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{evaluators} evaluators against one: {alone / together:0.00} times as fast (aim for 4: at least 3.6)"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(PostgresServer server, string jsonl, int evaluators, int delay, int kill)
    {
        var database = await server.CreateDatabaseAsync();
        var asked = new ConcurrentDictionary<string, int>();
        var models = new List<FakeModelServer>();
        for (var i = 0; i < evaluators; i++) models.Add(await ServeAsync(asked, delay));
        var clock = Stopwatch.StartNew();
        var running = models.Select(model => Start(model, database, jsonl)).ToList();
        using var stop = new CancellationTokenSource();
        var killing = kill > 0 ? KillAsync(server, models, running, database, jsonl, kill, stop.Token) : Task.FromResult(0);
        var codes = await EndAsync(running);
        await stop.CancelAsync();
        var kills = await killing;
        var seconds = clock.Elapsed.TotalSeconds;
        await using var store = ResultStore.OpenReadOnly(database);
        var run = store.ListRuns().Single();
        var stored = store.GetAnswers(run.Id);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{evaluators} evaluators: {seconds:0.0} s; asked {asked.Values.Sum()} times, {asked.Count} questions, {asked.Count(question => question.Value > 1)} of them again; stored {stored.Count}, run {run.Status}; {kills} kills; exit codes {string.Join(' ', codes)}"));
        foreach (var model in models) await model.DisposeAsync();
        return seconds;
    }

    private static async Task<FakeModelServer> ServeAsync(ConcurrentDictionary<string, int> asked, int delay)
    {
        var places = new SemaphoreSlim(Places);
        return await FakeModelServer.StartAsync(async (call, context) =>
        {
            asked.AddOrUpdate(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(call.Body)), 1, (_, times) => times + 1);
            await places.WaitAsync(context.RequestAborted);
            try
            {
                await Task.Delay(delay, context.RequestAborted);
                await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            }
            finally
            {
                places.Release();
            }
        });
    }

    private static async Task<int> KillAsync(
        PostgresServer server, List<FakeModelServer> models, List<Process> running, string database, string jsonl, int every, CancellationToken stop)
    {
        var kills = 0;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(every), stop);
                var which = kills++ % running.Count;
                lock (running)
                {
                    if (running[which].HasExited) continue;
                    running[which].Kill();
                    running[which] = Start(models[which], database, jsonl);
                }

                if (kills is not (2 or 4)) continue;
                await (kills == 2 ? server.StopAsync() : server.CrashAsync());
                await server.StartAgainAsync();
            }
        }
        catch (OperationCanceledException)
        {
            return kills;
        }
    }

    private static async Task<List<int>> EndAsync(List<Process> running)
    {
        var codes = new List<int>();
        for (var i = 0; i < running.Count; i++)
        {
            while (true)
            {
                Process process;
                lock (running) process = running[i];
                await process.WaitForExitAsync();
                lock (running) if (ReferenceEquals(process, running[i])) break;
            }

            codes.Add(running[i].ExitCode);
        }

        return codes;
    }

    private static Process Start(FakeModelServer model, string database, string jsonl)
    {
        var evaluator = Path.Combine(BenchmarkPaths.RepositoryRoot, "LiveClin.Evaluator", "bin", Configuration, "net10.0", "LiveClin.Evaluator.dll");
        var start = new ProcessStartInfo("dotnet", [evaluator, "evaluate", "--model", "bench", "--api-base", model.BaseUrl.ToString(), "--image-mode", "local", "--jsonl-path", jsonl])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment[StoreLocation.Variable] = database;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
