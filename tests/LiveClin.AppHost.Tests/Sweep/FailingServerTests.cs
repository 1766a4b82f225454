using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Models;
using static LiveClin.AppHost.Tests.Sweep.Summary;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>What model servers and the evaluator do wrong in the middle of a sweep, and what becomes of it.</summary>
public sealed class FailingServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public FailingServerTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_hangs_one_dies_again_and_again_and_both_are_restarted_and_resumed()
    {
        var hangs = SGLang("Hangs", "fake/one", new JsonObject { ["hangs_after"] = 5, ["once"] = _folder["hung"] })
            .With("SilenceTimeout", "00:00:05").With("StopTimeout", "00:00:02");
        hangs["Environment"]!["SGLANG_HEALTH_CHECK_TIMEOUT"] = "1";
        var dies = new JsonObject { ["dies_after"] = 10, ["reply_seconds"] = 0.1 };
        var models = new JsonArray(hangs, SGLang("Dies-thrice", "fake/two", dies).With("Restarts", 3),
            SGLang("Dies-too-often", "fake/two", dies).With("Restarts", 1));
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(3), "--concurrency", "2", "--limit",
            "6");

        Assert.Equal(1, await host.EndAsync(_patience.Token));

        var summary = Summary.Of(_folder);
        Assert.Equal(["", "", "the server died again after 1 restart"],
            new[] { "Hangs", "Dies-thrice", "Dies-too-often" }.Select(name => Error(summary[name]).Split(':')[0]));
        Assert.Contains("Hangs: the server died: for 00:00:05 it has answered nothing, and /health fails.", host.Output,
            StringComparison.Ordinal);
        Assert.Equal((0, 0), (Property(summary["Hangs"], "questions.failed"), Property(summary["Dies-thrice"], "questions.failed")));
        // Every start has a log of its own.
        var starts = Directory.GetFiles(_folder["logs"]).CountBy(f => Path.GetFileName(f).Split('_')[0]).ToDictionary();
        Assert.Equal((2, 2), (starts["Hangs"], starts["Dies-too-often"]));
        Assert.InRange(starts["Dies-thrice"], 3, 4);
    }

    [Fact]
    public async Task One_that_answers_nothing_but_errors_while_its_health_is_fine_is_restarted_and_resumed()
    {
        var models = new JsonArray(SGLang("Breaks", "fake/one", new JsonObject { ["breaks_after"] = 5, ["once"] = _folder["broken"] }));
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(1), "--concurrency", "12", "--limit",
            "12");

        Assert.Equal(0, await host.EndAsync(_patience.Token));

        Assert.Contains("Breaks: the server died: it answers every question with an error: http_500 ×", host.Output,
            StringComparison.Ordinal);
        Assert.Contains("CUDA out of memory", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, Property(Summary.Of(_folder)["Breaks"], "questions.failed"));
        Assert.Equal(2, Directory.GetFiles(_folder["logs"]).Length);
    }

    [Fact]
    public async Task A_slow_server_is_not_dead_a_silent_one_is_and_one_that_hangs_at_a_question_goes_on_without_it()
    {
        // Its health fails all the time: shorter than its run, and much longer than a reply takes.
        var busy = SGLang("Busy", "fake/one", new JsonObject { ["busy_health"] = true, ["reply_seconds"] = 0.6 })
            .With("SilenceTimeout", "00:00:05");
        var silent = SGLang("Silent", "fake/one", new JsonObject
        {
            ["hangs_after"] = 5,
            ["once"] = _folder["hung"],
            ["blind_health"] = true,
        });
        var poisoned = SGLang("Poisoned", "fake/one", new JsonObject { ["hangs_on"] = "A girl aged 11 years and 9 months is referred" });
        poisoned["Environment"]!["SGLANG_HEALTH_CHECK_TIMEOUT"] = "1";
        foreach (var model in (JsonObject[])[silent, poisoned]) model.With("SilenceTimeout", "00:00:02").With("StopTimeout", "00:00:02");
        using var host = AppHostProcess.Start(_folder, [busy, silent, poisoned], new FakeGpus(_folder.FullName).Write(3), "--concurrency",
            "2", "--limit", "6");

        Assert.Equal(1, await host.EndAsync(_patience.Token));

        var summary = Summary.Of(_folder);
        Assert.Equal(["", "", ""], new[] { "Busy", "Silent", "Poisoned" }.Select(name => Error(summary[name])));
        Assert.Contains("Silent: the server died: for 00:00:08 it has answered nothing, although /health answers.", host.Output,
            StringComparison.Ordinal);
        var starts = Directory.GetFiles(_folder["logs"]).CountBy(f => Path.GetFileName(f).Split('_')[0]).ToDictionary();
        Assert.Equal((1, 2), (starts["Busy"], starts["Silent"]));
        // On a machine that has much to do, one may be silent for that long without a reason.
        Assert.InRange(starts["Poisoned"], 2, 3);
        // The rest of one case is all that is missing, and it is said why; the next sweep starts no server for it.
        var (answered, total) = (Property(summary["Poisoned"], "questions.answered"), Property(summary["Poisoned"], "questions.total"));
        Assert.InRange(answered, total - 7, total - 1);
        Assert.Contains("server_hang × 1 (The server was lost at this question twice", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_another_process_has_the_results_the_sweep_fails_instead_of_waiting()
    {
        Directory.CreateDirectory(_folder["results"]);
        await using var store = ResultStore.Open(_folder["results/liveclin.db"]);
        using var host = AppHostProcess.Start(_folder,
            [new JsonObject { ["Name"] = "floor", ["Server"] = "baseline", ["ApiId"] = "baseline/always-A" }], null, "--limit", "1");

        Assert.Equal(2, await host.EndAsync(_patience.Token)); // as 'evaluate' on a store that another process has

        Assert.Contains("is locked by another process", host.Output, StringComparison.Ordinal);
        Assert.Contains("'evaluator'", Error(Summary.Of(_folder)["floor"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_evaluator_dies_in_the_middle_and_is_brought_back()
    {
        var behaviour = new JsonObject { ["waits_after"] = 6, ["waits_until"] = _folder["evaluator killed"] };
        var models = new JsonArray(SGLang("Slow", "fake/one", behaviour), new JsonObject
        {
            ["Name"] = "floor",
            ["Server"] = "baseline",
            ["ApiId"] = "baseline/always-A",
        });
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(1), "--concurrency", "2", "--limit",
            "4");
        while (ServerLog.Replies(_folder["logs"]) < 5) await Task.Delay(50, _patience.Token);
        host.KillChild(command => command.Contains("LiveClin.Evaluator", StringComparison.Ordinal)
            && !command.Contains("baseline", StringComparison.Ordinal));
        await File.WriteAllTextAsync(_folder["evaluator killed"], "", _patience.Token);

        Assert.Equal(0, await host.EndAsync(_patience.Token));

        Assert.Contains("The evaluator has ended; it is started again (1 of 10) and its runs are continued", host.Output,
            StringComparison.Ordinal);
        var total = Property(Summary.Of(_folder)["Slow"], "questions.total");
        // Asked twice were at most those under way; besides there are the warm-up and the vision check, which is made again where its
        // result had not been told yet.
        Assert.InRange(ServerLog.Replies(_folder["logs"]), total, total + 2 + 3);
        Assert.Single(Directory.GetFiles(_folder["logs"]));
    }
}
