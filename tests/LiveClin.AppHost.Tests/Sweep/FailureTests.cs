using LiveClin.AppHost.Sweep;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>What is said of a server that failed.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("[2026-11-22 19:32:59] Scheduler hit an exception: Traceback\nRuntimeError: NCCL error: unhandled system error\n\nReceived sigquit", "it ended: RuntimeError: NCCL error: unhandled system error")]
    [InlineData("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\nRuntimeError: Initialization failed.", "it ended: RuntimeError: Initialization failed.")]
    [InlineData("usage: sglang serve\nsglang serve: error: unrecognized arguments: --no", "it ended: error: unrecognized arguments: --no")]
    [InlineData("ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 1)", "it ended: ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 1)")]
    [InlineData("all is well, no error here", "it ended.")]
    [InlineData("", "it ended.")]
    public void An_error_of_the_log_is_part_of_the_reason(string log, string reason) =>
        Assert.Equal(reason, Failure.WithLog("it ended", log.Split('\n'), null).Reason);

    [Fact]
    public void The_last_lines_are_few_short_and_steer_no_terminal()
    {
        var failure = Failure.WithLog("it ended", [.. Enumerable.Range(0, 50).Select(i => $"  line {i}"), "\u001b[31m" + new string('x', 1000), " "], "a.log");

        Assert.Equal(8, failure.LastLines.Count);
        Assert.Equal("  line 49", failure.LastLines[^2]);
        Assert.Equal(201, failure.LastLines[^1].Length);
        Assert.DoesNotContain('\u001b', failure.LastLines[^1]);
        Assert.Equal("last lines of a.log:", SweepText.LogEnd(failure)[0]);
    }
}
