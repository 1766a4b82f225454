using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Rates;

/// <summary>Runs against servers that cannot take everything at once.</summary>
public sealed class RateRunTests
{
    [Fact]
    public async Task Tokens_are_paced_to_the_limit_that_the_server_tells_and_watchers_are_told()
    {
        // After the first reply nothing is left, and it takes four seconds until there is enough for another question: the next one waits,
        // also where answers are stored slowly. The others may come fast.
        await using var server = await FakeModelServer.StartAsync((call, context) =>
        {
            context.Response.Headers["x-ratelimit-limit-tokens"] = call.Number == 0 ? "1500" : "400000";
            if (call.Number == 0) context.Response.Headers["x-ratelimit-remaining-tokens"] = "0";
            return FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        await using var harness = new EvaluatorHarness();
        var (run, notes) = await WatchAsync(harness, EvaluatorHarness.Request(server));
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Contains("paced to 1,500 tokens a minute", notes);
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task An_overloaded_server_is_asked_less_at_a_time()
    {
        // The first question comes alone, then all that may: of those, four find the queue full.
        var (arrived, full) = (0, new TaskCompletionSource());
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number is >= 1 and < 8)
            {
                if (Interlocked.Increment(ref arrived) == 7) full.SetResult();
                await full.Task;
            }

            if (call.Number is >= 4 and < 8) await FakeModelServer.WriteAsync(context, 503, """{"object":"error","message":"The request queue is full."}""");
            else await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        await using var harness = new EvaluatorHarness();
        var (run, notes) = await WatchAsync(harness, EvaluatorHarness.Request(server));
        Assert.Equal((RunStatus.Completed, 80),
            (run.Status, harness.Store.GetAnswers(run.Id).Count(answer => answer.Outcome is Outcome.Correct or Outcome.Wrong)));
        Assert.Contains(notes, note => note.EndsWith("of 8 requests at a time: http_503", StringComparison.Ordinal));
    }

    private static async Task<(RunInfo Run, HashSet<string> Notes)> WatchAsync(EvaluatorHarness harness, RunRequest request)
    {
        var session = await harness.Runs.StartAsync(request, TestContext.Current.CancellationToken);
        var notes = new HashSet<string>(StringComparer.Ordinal);
        while (!session.Completion.IsCompleted)
        {
            var changed = session.Changed;
            if (session.Progress.Note is { } note) notes.Add(note);
            await Task.WhenAny(changed, session.Completion);
        }

        return (await session.Completion, notes);
    }
}
