using System.Diagnostics;
using LiveClin.Testing;
using static LiveClin.Launcher.Tests.LaunchedServer;

namespace LiveClin.Launcher.Tests;

/// <summary>SIGKILL to everything that could have ended the server: nothing of its tree survives.</summary>
public sealed class KilledTests
{
    private static readonly string Family = Scripts.Family("stay('root')");

    [Fact]
    public async Task The_launcher_is_killed_and_the_keeper_ends_the_tree()
    {
        await using var server = LaunchedServer.Start(Family, ["--stop-timeout", "1"]);
        await server.SaysAsync("root");
        var family = Members(server);

        server.Process.Kill();

        await server.GoneAsync();
        AssertDead(family);
    }

    [Fact]
    public async Task The_launcher_is_killed_and_a_long_drain_is_cut_short()
    {
        await using var server = LaunchedServer.Start(Scripts.Drains(600), ["--stop-timeout", "600"]);
        await server.SaysAsync("up");

        server.Process.Kill();

        await server.GoneAsync().WaitAsync(TimeSpan.FromSeconds(60), Stop);
    }

    [Fact]
    public async Task The_keeper_is_killed_and_the_launcher_ends_the_tree()
    {
        await using var server = LaunchedServer.Start(Family);
        await server.SaysAsync("root");
        // The one without the mark is out of reach then: the keeper was its parent, and nothing else tells whose it was.
        var all = Members(server);
        var family = all.Where(p => ProcessTable.HasVariable(p.Pid, ServerTree.MarkVariable)).ToList();
        Assert.Equal(4, family.Count);

        Native.Signal(server.Keeper(), Native.SigKill);

        Assert.Equal(LauncherExitCodes.Killed, await server.EndAsync());
        Assert.Contains("the server's keeper was killed", server.Errors, StringComparison.Ordinal);
        await server.GoneAsync();
        AssertDead(family);
        Native.Signal(all.Except(family).Single().Pid, Native.SigKill);
    }

    [Fact]
    public async Task The_app_host_is_killed_and_the_keeper_ends_the_tree()
    {
        using var host = Process.Start("sleep", "600");
        await using var server = LaunchedServer.Start(Family, ["--stop-timeout", "1", "--app-host", $"{host.Id}"]);
        await server.SaysAsync("root");
        var family = Members(server);

        host.Kill();

        Assert.Equal(LauncherExitCodes.Killed, await server.EndAsync());
        AssertDead(family);
    }

    [Fact]
    public async Task The_orchestrator_is_killed_and_the_launcher_has_the_tree_ended()
    {
        using var folder = new TemporaryFolder();
        var mark = $"test-{Guid.NewGuid():N}";
        // A parent between, which can be killed.
        string[] command = ["dotnet", typeof(LaunchOptions).Assembly.Location, "--mark", mark, "--stop-timeout", "1", "--", "python3", "-u",
            "-c", $"open('{folder["up"]}', 'w').close()\n{Family}"];
        var script = "import subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)";
        using var orchestrator = RequiredProgram.Start(new ProcessStartInfo("python3", ["-c", script, .. command]));
        while (!File.Exists(folder["up"])) await Task.Delay(20, Stop);

        orchestrator.Kill();

        while (!ServerTree.IsGone(mark)) await Task.Delay(20, Stop);
    }

    private static List<ProcessEntry> Members(LaunchedServer server)
    {
        var members = ServerTree.FindAlive(server.Mark, server.Keeper()).Select(ProcessTable.Find).OfType<ProcessEntry>().ToList();
        Assert.Equal(5, members.Count);
        return members;
    }

    private static void AssertDead(List<ProcessEntry> family) =>
        Assert.All(family, p => Assert.False(ProcessTable.IsAlive(p), $"{p.Pid} lives"));
}
