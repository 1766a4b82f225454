using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LiveClin.Launcher;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Models;
using static LiveClin.AppHost.Tests.Sweep.Summary;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>However a sweep ends, no process of a model server survives it, and no answer is asked for twice.</summary>
public sealed class SurvivorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _seen = [];
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SurvivorTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Servers_that_begin_or_end_badly_get_right_results_and_reasons_and_leave_nothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var models = new JsonArray(
            SGLang("Out-of-memory", "fake/out-of-memory-with-echo"),
            SGLang("Crashes", "fake/crash-while-loading"),
            SGLang("Too-big", "fake/one", tp: 32),
            SGLang("No-environment", "fake/one", python: "./no-venv"),
            SGLang("No-port", "fake/one").With("Port", port),
            SGLang("Never-healthy", "fake/never-healthy").With("StartTimeout", "00:00:05"),
            SGLang("Slow-health", "fake/slow-health"),
            SGLang("Blind", "fake/blind"),
            SGLang("Dies", "fake/one", new JsonObject { ["dies_after"] = 3, ["daemons"] = true }, tp: 2).With("Restarts", 0),
            SGLang("Deaf", "fake/ignores-sigterm").With("StopTimeout", "00:00:02"),
            SGLang("Orphans", "fake/orphans", tp: 2),
            SGLang("Daemons", "fake/daemons", tp: 2),
            SGLang("Drains", "fake/drains"));
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(16), "--concurrency", "2", "--limit",
            "2");

        Assert.Equal(1, await host.EndAsync(_patience.Token));

        Assert.Empty(Servers(host));
        // The guardian goes when it sees that the app host has gone.
        while (host.Children().Count > 0) await Task.Delay(50, _patience.Token);
        var summary = Summary.Of(_folder);
        Assert.All(["Slow-health", "Blind", "Deaf", "Orphans", "Daemons", "Drains"],
            name => Assert.Equal(("", 0), (Error(summary[name]), Property(summary[name], "questions.failed"))));
        Assert.StartsWith("its process ended with exit code 1: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 14.00 GiB. ",
            Error(summary["Out-of-memory"]), StringComparison.Ordinal);
        Assert.StartsWith("the server died: its process ended with exit code 137 (signal 9, SIGKILL)", Error(summary["Dies"]),
            StringComparison.Ordinal);
        (string Name, string Reason)[] reasons =
        [
            ("Crashes", "exit code 137"),
            ("Too-big", "needs 32 GPUs"),
            ("No-environment", "virtual environment"),
            ("No-port", $"port {port} is in use by another process"),
            ("Never-healthy", "was not ready within 00:00:05"),
        ];
        Assert.All(reasons, server => Assert.Contains(server.Reason, Error(summary[server.Name]), StringComparison.Ordinal));
        Assert.Contains("Blind: the vision check failed", host.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["logs"], "Crashes_*"));
        // It was asked patiently: the log is whole.
        Assert.EndsWith("Drained.\n",
            await File.ReadAllTextAsync(Directory.GetFiles(_folder["logs"], "Drains_*").Single(), _patience.Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_killed_in_the_middle_no_server_survives_and_the_next_start_completes()
    {
        // Until all have been killed, no start gets to the end, however long the machine takes for a kill. A server that is ending answers
        // what comes meanwhile, at its own pace.
        var behaviour = new JsonObject
        {
            ["daemons"] = true, ["orphans"] = true, ["reply_seconds"] = 0.5,
            ["waits_after"] = 6, ["waits_until"] = _folder["all killed"],
        };
        var models = new JsonArray(SGLang("Slow", "fake/one", behaviour, tp: 2).With("Restarts", 2));
        var gpus = new FakeGpus(_folder.FullName).Write(2);
        // The app host starts a server once more whose launcher or keeper was killed: the next victim is that one's.
        string[][] victims = [["launcher", "keeper", "controllers"], ["orchestrator"], ["app host"]];
        foreach (var ofOneSweep in victims) await KillInTheMiddleAsync(models, gpus, ofOneSweep);
        await File.WriteAllTextAsync(_folder["all killed"], "", _patience.Token);

        using var last = AppHostProcess.Start(_folder, (JsonArray)models.DeepClone(), gpus, [.. Switches, "--resume"]);

        Assert.Equal(0, await last.EndAsync(_patience.Token));
        Assert.Empty(Servers(last));
        var total = Property(Summary.Of(_folder)["Slow"], "questions.total");
        Assert.Equal(0, Property(Summary.Of(_folder)["Slow"], "questions.failed"));
        // Asked twice were at most those under way at a kill; besides, each start warms up and checks the vision.
        var kills = victims.Sum(ofOneSweep => ofOneSweep.Length);
        Assert.InRange(ServerLog.Replies(_folder["logs"]), total, total + (2 * kills) + (2 * (kills + 1)));
    }

    private static readonly string[] Switches = ["--concurrency", "2", "--limit", "12"];

    // The last of the victims is one whose death ends the app host.
    private async Task KillInTheMiddleAsync(JsonArray models, FakeGpus gpus, string[] victims)
    {
        using var host = AppHostProcess.Start(_folder, (JsonArray)models.DeepClone(), gpus, Switches);
        var end = host.EndAsync(_patience.Token);
        foreach (var victim in victims)
        {
            // The warm-up, the vision check and three answers: those that were under way at the kill before are among them.
            var log = await UntilAsync(() => Logs().FirstOrDefault(log => !_seen.Contains(log)), end, host);
            _seen.Add(log);
            await UntilAsync(() => ServerLog.RepliesIn(log) >= 5 ? log : null, end, host);
            var servers = Servers(host).Select(ProcessTable.Find).OfType<ProcessEntry>().ToList();
            // The root, two schedulers and the detokenizer.
            Assert.True(servers.Count >= 4, $"{victim}: {servers.Count} processes");

            Kill(host, victim);

            while (servers.Any(ProcessTable.IsAlive)) await Task.Delay(50, _patience.Token);
        }

        if (victims[^1] != "app host") await end;
        while (host.Children().Count > 0) await Task.Delay(50, _patience.Token);
        if (victims[^1] != "app host") Assert.Contains("orchestrator (dcp) was killed", host.Output, StringComparison.Ordinal);
    }

    private string[] Logs() => Directory.Exists(_folder["logs"]) ? Directory.GetFiles(_folder["logs"]) : [];

    private async Task<string> UntilAsync(Func<string?> find, Task end, AppHostProcess host)
    {
        for (; ; await Task.Delay(50, _patience.Token))
        {
            if (find() is { } found) return found;
            Assert.False(end.IsCompleted, host.Output);
        }
    }

    [Fact]
    public async Task The_orchestrator_is_killed_before_anything_runs_and_the_app_host_says_so_and_ends()
    {
        var floor = new JsonObject { ["Name"] = "floor", ["Server"] = "baseline", ["ApiId"] = "baseline/always-A" };
        using var host = AppHostProcess.Start(_folder, [floor], null, "--limit", "1");
        while (!host.Children().Any(p => ProcessTable.HasArguments(p, "monitor-process"))) await Task.Delay(10, _patience.Token);

        Kill(host, "orchestrator");

        Assert.Equal(1, await host.EndAsync(_patience.Token));
        Assert.Contains("orchestrator (dcp) was killed", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Hosting failed to start", host.Output, StringComparison.Ordinal);
        while (host.Children().Count > 0) await Task.Delay(50, _patience.Token);
    }

    private static IReadOnlyList<int> Servers(AppHostProcess host) =>
        [.. host.Children().Where(p => ProcessTable.HasVariable(p, ServerTree.MarkVariable))];

    private static void Kill(AppHostProcess host, string which)
    {
        if (which == "app host") host.Kill();
        foreach (var pid in host.Children().Where(p => Is(p, which))) Native.Signal(pid, Native.SigKill);
    }

    private static bool Is(int pid, string which) => which switch
    {
        "launcher" => ProcessTable.HasArguments(pid, LaunchOptions.MarkOption) && !ProcessTable.HasArguments(pid, Roles.Keep),
        "keeper" => ProcessTable.HasArguments(pid, Roles.Keep, LaunchOptions.MarkOption),
        "controllers" => ProcessTable.HasArguments(pid, "run-controllers"),
        "orchestrator" => ProcessTable.HasArguments(pid, "start-apiserver") || ProcessTable.HasArguments(pid, "run-controllers")
            || ProcessTable.HasArguments(pid, "monitor-process"),
        _ => false,
    };
}
