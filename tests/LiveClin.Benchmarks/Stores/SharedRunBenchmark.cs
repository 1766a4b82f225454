using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using LiveClin.Benchmarks.Evaluate;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Networks;
using LiveClin.Testing.Postgres;
using Npgsql;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// Several evaluators on one run of a whole release, each with a server of its own that is the bottleneck: wall time with four against
/// one, and every question counted at the servers. With <c>--kill SECONDS</c> an evaluator is killed that often and started again, and
/// the database restarts twice; with <c>--cut</c> the first evaluator's line to the database is cut as well, for longer than the server
/// waits.
/// </summary>
internal static class SharedRunBenchmark
{
    // A server like one with a few GPUs: so many requests at a time, each so long.
    private const int Places = 8;

    // Listed by every server: a run goes on at another address only where its model is.
    private const string ModelName = "bench";

    // With a cut: how soon server and client give each other up, 3 s of silence and three questions. It is 30 s otherwise.
    private const string Impatient = ";TCP Keepalive Time=3;TCP Keepalive Interval=1;Command Timeout=6;Timeout=4";

    /// <summary>How long a line is cut: twice as long as the server waits.</summary>
    public static readonly TimeSpan CutFor = TimeSpan.FromSeconds(12);

    public static async Task<int> RunAsync(string[] args)
    {
        var cases = Number(args, "--cases", 1407);
        var (kill, delay, evaluators) = (Number(args, "--kill", 0), Number(args, "--reply-ms", 60), Number(args, "--evaluators", 4));
        var folder = Directory.CreateTempSubdirectory("liveclin-shared-").FullName;
        var programs = PostgresServer.FindPrograms() ?? throw new InvalidOperationException("Install Debian's package postgresql first.");
        var isCut = args.Contains("--cut");
        if (isCut && kill == 0) throw new InvalidOperationException("--cut goes with --kill SECONDS.");
        if (isCut && await SeparateNetwork.FindObstacleAsync() is { } obstacle) throw new InvalidOperationException(obstacle);
        await using var network = isCut ? await SeparateNetwork.StartAsync() : null;
        await using var server = await PostgresServer.StartAsync(programs, durable: true, network?.Database);
        try
        {
            var setting = new Setting(server, SmallRelease.Write(folder, cases), delay, Number(args, "--concurrency", 100), network);
            if (kill > 0) return (await MeasureAsync(setting, evaluators, TimeSpan.FromSeconds(kill))).IsSound ? 0 : 1;
            var alone = await MeasureAsync(setting, 1, kill: null);
            var together = await MeasureAsync(setting, evaluators, kill: null);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{evaluators} evaluators against one: {alone.Seconds / together.Seconds:0.00} times as fast (aim for 4: at least 3.6)"));
            return alone.IsSound && together.IsSound ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Seconds, bool IsSound)> MeasureAsync(Setting setting, int evaluators, TimeSpan? kill)
    {
        var database = await setting.Server.CreateDatabaseAsync();
        var asked = new AskedQuestions();
        var models = new List<FakeModelServer>();
        for (var i = 0; i < evaluators; i++) models.Add(await ServeAsync(asked, i, setting));
        var errors = models.ConvertAll(_ => new ConcurrentQueue<string>());
        var clock = Stopwatch.StartNew();
        var running = models.Select((_, i) => Start(i)).ToArray();
        using var stop = new CancellationTokenSource();
        var disturbances = new Disturbances(setting.Server, asked, running, Start, setting.Network);
        var disturbing = kill is { } every ? disturbances.RunAsync(every, stop.Token) : Task.CompletedTask;
        var codes = await EndAsync(running);
        var seconds = clock.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await disturbing;
        foreach (var model in models) await model.DisposeAsync();
        await using var store = ResultStore.OpenReadOnly(database);
        var run = store.ListRuns().Single();
        var (stored, faults) = (store.GetAnswers(run.Id).Count(answer => answer.Reply is not null), asked.FindFaults());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {evaluators} evaluators: {seconds:0.0} s; {disturbances.Kills} kills, {disturbances.Restarts} restarts of the database, {disturbances.Cuts} cuts
              asked {asked.Requests} times, {asked.Questions} questions, {asked.Again} of them again, {faults.Count} of these without need
              stored {stored}, run {run.Status}; exit codes {string.Join(' ', codes)}
            """));
        foreach (var fault in faults) Console.WriteLine($"    without need: {fault}");
        for (var i = 0; i < evaluators; i++)
            if (codes[i] != 0) Console.WriteLine($"    evaluator {i}, exit code {codes[i]}: {string.Join("\n      ", errors[i].TakeLast(20))}");
        return (seconds, stored == asked.Questions && run.Status == RunStatus.Completed && faults.Count == 0
            && codes.TrueForAll(code => code == 0));

        Process Start(int which) => SharedRunBenchmark.Start(models[which], setting, database, which == 0 ? setting.Network : null, errors[which]);
    }

    private static Task<FakeModelServer> ServeAsync(AskedQuestions asked, int evaluator, Setting setting)
    {
        var places = new SemaphoreSlim(Places);
        var address = evaluator == 0 && setting.Network is { } network ? network.Models : IPAddress.Loopback;
        return FakeModelServer.StartAsync(address, async (call, context) =>
        {
            var asking = asked.Ask(call.Body, evaluator);
            var isPlaced = false;
            try
            {
                await places.WaitAsync(context.RequestAborted);
                isPlaced = true;
                await Task.Delay(setting.ReplyMilliseconds, context.RequestAborted);
                await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            }
            finally
            {
                asking.End = DateTime.UtcNow;
                if (isPlaced) places.Release();
            }
        }, ModelName);
    }

    private static async Task<List<int>> EndAsync(Process[] running)
    {
        var codes = new List<int>();
        for (var i = 0; i < running.Length; i++)
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

    private static Process Start(FakeModelServer model, Setting setting, string database, SeparateNetwork? network,
        ConcurrentQueue<string> errors)
    {
        var evaluator = Path.Combine(BenchmarkPaths.RepositoryRoot, "LiveClin.Evaluator", "bin", Configuration, "net10.0",
            "LiveClin.Evaluator.dll");
        string[] arguments =
        [
            evaluator, "evaluate", "--model", ModelName, "--api-base", model.BaseUrl.ToString(), "--image-mode", "local",
            "--jsonl-path", setting.Jsonl, "--concurrency", setting.Concurrency.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo("dotnet", arguments);
        if (network is not null) start = network.Enter(start);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment[StoreLocation.Variable] = setting.Network is null ? database
            : new NpgsqlConnectionStringBuilder(database + Impatient) { Host = network is null
                ? "127.0.0.1" : $"{network.Database}" }.ConnectionString;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? "");
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

    private sealed record Setting(PostgresServer Server, string Jsonl, int ReplyMilliseconds, int Concurrency, SeparateNetwork? Network);
}
