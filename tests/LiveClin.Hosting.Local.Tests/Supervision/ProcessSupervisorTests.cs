using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Hosting.Local.Tests.Supervision;

/// <summary>Real processes: output, exit codes, and trees that do not want to end.</summary>
public sealed class ProcessSupervisorTests : IDisposable
{
    private readonly Guardian _guardian = new(NullLogger<Guardian>.Instance);
    private readonly ResourceLog _log = new();

    public void Dispose() => _guardian.Dispose();

    [Fact]
    public async Task Both_streams_are_captured_and_the_exit_code_is_kept()
    {
        var exit = await Start("echo out; echo err >&2; printf 'a\\rb\\r\\nc'; exit 3").Exited;

        Assert.Equal(new ProcessExit(3, "exit code 3"), exit);
        Assert.Equal(["a", "b", "c", "err", "out"], _log.Tail(10).Order());
    }

    [Fact]
    public async Task An_endless_line_is_cut()
    {
        await Start("head -c 100000 /dev/zero | tr '\\0' x").Exited;

        Assert.Equal($"{new string('x', OutputPump.MaximumLineLength)} [… {100000 - OutputPump.MaximumLineLength} more characters]", _log.Tail(1).Single());
    }

    [Fact]
    public async Task A_process_that_ends_when_asked_keeps_its_own_exit_code()
    {
        var process = Start("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        await SaidAsync("ready");

        var exit = await process.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(7, exit.ExitCode);
        Assert.Contains("bye", _log.Tail(10));
    }

    [Fact]
    public async Task What_ignores_the_request_is_killed_with_grandchildren_in_sessions_of_their_own()
    {
        var process = Start("trap '' TERM; setsid sh -c 'trap \"\" TERM; echo grandchild $$; while :; do sleep 1; done' & echo ready; while :; do sleep 1; done");
        var grandchild = int.Parse((await SaidAsync("grandchild")).Split(' ')[1]);

        var exit = await process.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.Equal("exit code 137 (signal 9, SIGKILL)", exit.Reason);
        Assert.False(IsAlive(grandchild));
    }

    [Fact]
    public async Task Orphans_of_a_process_that_ends_by_itself_are_ended()
    {
        var process = Start("setsid sh -c 'echo orphan $$; while :; do sleep 1; done' & sleep 0.5; exit 0");
        var orphan = int.Parse((await SaidAsync("orphan")).Split(' ')[1]);

        await process.Exited;

        Assert.False(IsAlive(orphan));
    }

    private SupervisedProcess Start(string script) =>
        new ProcessSupervisor(_guardian).Start(new ProcessSpecification("/bin/sh", ["-c", script], Path.GetTempPath(), new Dictionary<string, string?>()), _log);

    private async Task<string> SaidAsync(string beginning)
    {
        await foreach (var batch in _log.WatchAsync(follow: true, TestContext.Current.CancellationToken))
        {
            foreach (var line in batch)
            {
                var text = line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                if (text.StartsWith(beginning, StringComparison.Ordinal)) return text;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }

    // A dead process whose new parent has not asked for its exit code yet is still listed, as a zombie.
    private static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] != 'Z';
}
