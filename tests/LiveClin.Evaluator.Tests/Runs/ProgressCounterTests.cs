using LiveClin.Core.Answers;
using LiveClin.Evaluator.CommandLine;
using LiveClin.Evaluator.Runs;
using LiveClin.Evaluator.Tests.Rates;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>What a run says of how far it is.</summary>
public sealed class ProgressCounterTests
{
    [Fact]
    public void A_wait_has_no_estimate_of_the_end()
    {
        var time = new ManualTime();
        var progress = new ProgressCounter(questions: 10, cases: 5, time);
        progress.Add(SampleRuns.Answer(0, 0, Outcome.Correct), now: true);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(9), progress.Snapshot().Remaining);
        (progress.Note, progress.IsWaiting) = ("waiting 20 min: http_429", true);
        Assert.Null(progress.Snapshot().Remaining);
        Assert.DoesNotContain("ETA", ProgressLine.Describe(progress.Snapshot()), StringComparison.Ordinal);
        (progress.Note, progress.IsWaiting, progress.Outage) = (null, false, "the database cannot be reached");
        Assert.Null(progress.Snapshot().Remaining);
        progress.Outage = null;
        Assert.Contains("ETA 9 min", ProgressLine.Describe(progress.Snapshot()), StringComparison.Ordinal);
    }
}
