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
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SurvivorTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Servers_that_end_badly_get_right_results_and_reasons_and_leave_nothing()
    {
        var models = new JsonArray(
            SGLang("Too-big", "fake/out-of-memory-with-echo"),
            SGLang("Dies", "fake/one", new JsonObject { ["dies_after"] = 3, ["daemons"] = true }, tp: 2).With("Restarts", 0),
            SGLang("Deaf", "fake/ignores-sigterm").With("StopTimeout", "00:00:02"),
            SGLang("Daemons", "fake/daemons", tp: 2),
            SGLang("Drains", "fake/drains"));
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(8), "--concurrency", "2", "--limit",
            "2");

        Assert.Equal(1, await host.EndAsync(_patience.Token));

        Assert.Empty(Servers(host));
        var summary = Summary.Of(_folder);
        Assert.StartsWith("its process ended with exit code 1: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 14.00 GiB. ",
            Error(summary["Too-big"]), StringComparison.Ordinal);
        Assert.StartsWith("the server died: its process ended with exit code 137 (signal 9, SIGKILL)", Error(summary["Dies"]),
            StringComparison.Ordinal);
        Assert.All(["Deaf", "Daemons", "Drains"],
            name => Assert.Equal(("", 0), (Error(summary[name]), Property(summary[name], "questions.failed"))));
        // It was asked patiently: the log is whole.
        Assert.EndsWith("Drained.\n",
            await File.ReadAllTextAsync(Directory.GetFiles(_folder["logs"], "Drains_*").Single(), _patience.Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_killed_in_the_middle_no_server_survives_and_the_next_start_completes()
    {
        // Until all have been killed, no start gets to the end, however long the machine takes for a kill.
        var behaviour = new JsonObject
        {
            ["daemons"] = true, ["orphans"] = true, ["waits_after"] = 6, ["waits_until"] = _folder["all killed"],
        };
        var models = new JsonArray(SGLang("Slow", "fake/one", behaviour, tp: 2));
        var gpus = new FakeGpus(_folder.FullName).Write(2);
        string[] victims = ["launcher", "keeper", "controllers", "orchestrator", "app host"];
        foreach (var victim in victims) await KillInTheMiddleAsync(models, gpus, victim);
        await File.WriteAllTextAsync(_folder["all killed"], "", _patience.Token);

        using var last = AppHostProcess.Start(_folder, (JsonArray)models.DeepClone(), gpus, [.. Switches, "--resume"]);

        Assert.Equal(0, await last.EndAsync(_patience.Token));
        Assert.Empty(Servers(last));
        var total = Property(Summary.Of(_folder)["Slow"], "questions.total");
        Assert.Equal(0, Property(Summary.Of(_folder)["Slow"], "questions.failed"));
        // The app host starts a server once more whose launcher or keeper was killed, and is told to stop then. Asked twice were at most
        // those under way at a kill or a stop; besides, each start warms up and checks the vision.
        var (interruptions, starts) = (victims.Length + 2, victims.Length + 1 + 2);
        Assert.InRange(ServerLog.Replies(_folder["logs"]), total, total + (2 * interruptions) + (2 * starts));
    }

    private static readonly string[] Switches = ["--concurrency", "2", "--limit", "12"];

    private async Task KillInTheMiddleAsync(JsonArray models, FakeGpus gpus, string victim)
    {
        var before = ServerLog.Replies(_folder["logs"]);
        using var host = AppHostProcess.Start(_folder, (JsonArray)models.DeepClone(), gpus, Switches);
        await host.SaysAsync("Slow: beginning", _patience.Token);
        // The warm-up, the vision check and two answers.
        while (ServerLog.Replies(_folder["logs"]) < before + 4) await Task.Delay(50, _patience.Token);
        var servers = Servers(host).Select(ProcessTable.Find).OfType<ProcessEntry>().ToList();
        // The root, two schedulers and the detokenizer.
        Assert.True(servers.Count >= 4, $"{victim}: {servers.Count} processes");

        Kill(host, victim);

        while (servers.Any(ProcessTable.IsAlive)) await Task.Delay(50, _patience.Token);
        // An app host whose server goes on after a kill would ask all the rest: what it has understood is enough.
        if (victim is "launcher" or "keeper") Assert.Contains(await host.StopAsync(_patience.Token), (int[])[1, 130]);
        else if (victim != "app host") await host.EndAsync(_patience.Token);
        while (host.Children().Count > 0) await Task.Delay(50, _patience.Token);
        if (victim is "controllers" or "orchestrator")
            Assert.Contains("orchestrator (dcp) was killed", host.Output, StringComparison.Ordinal);
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
