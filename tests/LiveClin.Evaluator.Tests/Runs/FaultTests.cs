using System.Collections.Concurrent;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>What servers do wrong, and what becomes of the questions.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_third_of_all_requests_failing_changes_no_score_where_a_retry_succeeds()
    {
        var random = new Random(20260131);
        var tries = new ConcurrentDictionary<string, int>();
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            double draw;
            lock (random) draw = random.NextDouble();
            // Never more than four failures in a row for a question, so that every question can be answered.
            if (draw < 0.3 && tries.AddOrUpdate(call.LastText, 1, (_, n) => n + 1) <= 4) await FailAsync(context, (int)(draw * 1000) % 8);
            else await FakeModelServer.ReplyAsync(context, $"\\boxed{{{(char)('A' + call.LastText.Length % 10)}}}");
        });
        await using var calm = await FakeModelServer.StartAsync(call => $"\\boxed{{{(char)('A' + call.LastText.Length % 10)}}}");
        await using var evaluator = new EvaluatorHarness();

        var request = EvaluatorHarness.Request(server) with { Timeout = TimeSpan.FromSeconds(5) };
        var (run, answers) = await evaluator.RunAsync(request);
        var (_, expected) = await evaluator.RunAsync(EvaluatorHarness.Request(calm) with { Model = "calm" });

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(
            expected.Select(answer => (answer.CaseOrdinal, answer.QuestionIndex, answer.Letter, answer.Outcome)),
            answers.Select(answer => (answer.CaseOrdinal, answer.QuestionIndex, answer.Letter, answer.Outcome)));
        Assert.Equal(server.Calls.Count, answers.Sum(answer => answer.Attempts));
        Assert.True(server.Calls.Count > answers.Count, "the server failed some requests");
    }

    [Theory]
    [InlineData("http_500", Outcome.Failed)]
    [InlineData("malformed_reply", Outcome.Failed)]
    [InlineData("empty_reply", Outcome.Failed)]
    [InlineData("empty_length", Outcome.Truncated)]
    [InlineData("timeout", Outcome.Failed)]
    [InlineData("interrupted", Outcome.Failed)]
    [InlineData("content_filter", Outcome.Filtered)]
    [InlineData("refusal", Outcome.Refused)]
    [InlineData("http_400", Outcome.Failed)]
    public async Task A_question_that_fails_for_good_ends_its_case_and_says_why(string fault, Outcome outcome)
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var victim = release.Cases[0].Questions[1].Text;
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (!call.LastText.Contains(victim, StringComparison.Ordinal)) await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            else if (fault == "http_500") await FakeModelServer.WriteAsync(context, 500, "oops");
            else if (fault == "http_400") await FakeModelServer.WriteAsync(context, 400, """{"object":"error","message":"The input is longer than the model's context length"}""");
            else if (fault == "malformed_reply") await FakeModelServer.WriteAsync(context, 200, "{\"choices\": [");
            else if (fault == "empty_reply") await FakeModelServer.ReplyAsync(context, "  ");
            else if (fault == "empty_length") await FakeModelServer.ReplyAsync(context, "", "length");
            else if (fault == "content_filter") await FakeModelServer.WriteAsync(context, 400, """{"error":{"code":"content_filter","message":"filtered"}}""");
            else if (fault == "refusal") await FakeModelServer.WriteAsync(context, 200, """{"choices":[{"message":{"role":"assistant","content":null,"refusal":"I cannot help."},"finish_reason":"stop"}]}""");
            else if (fault == "interrupted") context.Abort();
            else await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);
        // For every question: the others are to be answered in it on a machine that has much to do.
        if (fault == "timeout") request = request with { Timeout = TimeSpan.FromSeconds(5) };

        var (run, answers) = await evaluator.RunAsync(request with { Retries = request.Retries with { MaxRetries = 1 } });

        Assert.Equal(RunStatus.EndedWithFailures, run.Status);
        var first = answers.Where(answer => answer.CaseOrdinal == 0).ToList();
        Assert.Equal(release.Cases[0].Questions.Length, first.Count);
        Assert.NotNull(first[0].Reply);
        Assert.Equal(outcome, first[1].Outcome);
        Assert.Equal(fault == "empty_length" ? "empty_reply" : fault, first[1].ErrorKind);
        Assert.False(string.IsNullOrEmpty(first[1].ErrorMessage));
        Assert.Equal(fault is "content_filter" or "refusal" or "http_400" or "empty_length" ? 1 : 2, first[1].Attempts);
        Assert.All(first.Skip(2), answer => Assert.Equal((Outcome.NotRun, "skipped"), (answer.Outcome, answer.ErrorKind)));
        Assert.All(answers.Where(answer => answer.CaseOrdinal != 0), answer => Assert.NotNull(answer.Reply));
    }

    [Fact]
    public async Task An_unknown_finish_reason_is_kept_and_harms_nothing()
    {
        await using var server =
            await FakeModelServer.StartAsync((_, context) => FakeModelServer.ReplyAsync(context, "\\boxed{B}", "eos_by_martians"));
        await using var evaluator = new EvaluatorHarness();
        var (run, answers) = await evaluator.RunAsync(EvaluatorHarness.Request(server));
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.All(answers, answer => Assert.Equal(("B", "eos_by_martians"), (answer.Letter, answer.FinishReason)));
        Assert.Equal(new TokenUsage(100, 64, 7, null), answers[0].Usage);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"\\boxed{B} \ud83d"}}]}""", "\\boxed{B} \uFFFD")]
    [InlineData("""{"choices":[{"message":{"content":"\ud83d\ude00 \uDe00\uD83D \\ud83d B"}}]}""", "😀 \uFFFD\uFFFD \\ud83d B")]
    [InlineData("""{"error":{},"choices":[{"message":{"content":"B"}}]}""", "B")]
    [InlineData("""{"error":"","choices":[{"message":{"content":[{"type":"text","text":"B"}]}}]}""", "B")]
    [InlineData("\uFEFF{\"choices\":[{\"message\":{\"content\":\"B\"}}]}", "B")]
    [InlineData("{\"logprobs\":[NaN,-Infinity],\"choices\":[{\"message\":{\"content\":\"NaN B\"}}]}", "NaN B")]
    public async Task An_odd_reply_that_holds_an_answer_counts(string body, string reply)
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(context, 200, body));
        await using var evaluator = new EvaluatorHarness();
        var (run, answers) = await evaluator.RunAsync(EvaluatorHarness.Request(server));
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.All(answers, answer => Assert.Equal(("B", reply, 1), (answer.Letter, answer.Reply, answer.Attempts)));
    }

    [Theory]
    [InlineData(200, """{"choices":[{"message":{"content":" \u001c\u0085"},"finish_reason":"stop"}]}""", Outcome.Failed, "empty_reply")]
    [InlineData(200, """{"error":{"code":"content_filter"},"choices":[{"message":{"content":""}}]}""", Outcome.Filtered, "content_filter")]
    [InlineData(400, """{"error":{"message":"{0}","code":"content_filter"}}""", Outcome.Filtered, "content_filter")]
    public async Task A_reply_without_a_word_is_none(int status, string body, Outcome outcome, string kind)
    {
        body = body.Replace("{0}", new string('x', 5000), StringComparison.Ordinal); // the reason stands behind a long text
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(context, status, body));
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);
        var (_, answers) = await evaluator.RunAsync(request with { Retries = request.Retries with { MaxRetries = 0 } });
        Assert.All(answers.Where(answer => answer.QuestionIndex == 0),
            answer => Assert.Equal((outcome, kind), (answer.Outcome, answer.ErrorKind)));
    }

    [Theory]
    [InlineData(401, "refuses the API key")]
    [InlineData(404, "does not know the model")]
    public async Task What_concerns_every_question_stops_the_run_at_once(int status, string expected)
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(context, status, "{}"));
        await using var evaluator = new EvaluatorHarness();
        var (run, answers) = await evaluator.RunAsync(EvaluatorHarness.Request(server) with { Concurrency = 1 });
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains(expected, run.StatusReason, StringComparison.Ordinal);
        Assert.Empty(answers);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_server_that_goes_away_stops_the_run_which_then_resumes()
    {
        FakeModelServer? server = null;
        server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            // Until it is gone.
            if (call.Number > 20) await Task.Delay(Timeout.Infinite, context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            if (call.Number == 20) _ = Task.Run(async () => await server!.DisposeAsync());
        });
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server) with { Concurrency = 2 };
        var (halted, before) = await evaluator.RunAsync(request);
        Assert.Equal(RunStatus.Failed, halted.Status);
        Assert.Contains("is gone", halted.StatusReason, StringComparison.Ordinal);

        await using var second = await FakeModelServer.StartAsync(_ => "\\boxed{A}", "fake");
        var (resumed, after) = await evaluator.RunAsync(EvaluatorHarness.Request(second));
        Assert.Equal((halted.Id, RunStatus.Completed), (resumed.Id, resumed.Status));
        var kept = before.Count(answer => answer.Reply is not null);
        Assert.Equal(after.Count - kept, second.Calls.Count);
        Assert.All(after, answer => Assert.NotNull(answer.Reply));
    }

    [Fact]
    public async Task A_stop_ends_the_tries_and_leaves_their_questions_open()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(context, 500, "{}"));
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server) with
        {
            Concurrency = 2,
            Retries = new RetryPolicy(int.MaxValue, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)),
        };
        var session = await evaluator.Runs.StartAsync(request, TestContext.Current.CancellationToken);
        while (server.Calls.Count < 10) await Task.Yield();

        await session.StopAsync();
        var calls = server.Calls.Count;
        var run = await session.Completion.WaitAsync(TestContext.Current.CancellationToken);

        // Those under way may still arrive.
        Assert.InRange(server.Calls.Count, calls, calls + 2);
        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.Empty(evaluator.Store.GetAnswers(run.Id));
    }

    [Fact]
    public async Task A_full_disk_stops_the_run_and_keeps_what_was_stored()
    {
        await using var server = await FakeModelServer.StartAsync(_ => new string('x', 20_000) + "\\boxed{A}");
        await using var evaluator = new EvaluatorHarness(maxPages: 150);
        var session = await evaluator.Runs.StartAsync(EvaluatorHarness.Request(server), TestContext.Current.CancellationToken);
        var run = await session.Completion;
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("disk is full", run.StatusReason, StringComparison.Ordinal);
        var kept = evaluator.Store.GetAnswers(run.Id);
        Assert.NotEmpty(kept);
        Assert.InRange(session.Progress.Unstored, 1, int.MaxValue); // so that it can be said
        Assert.All(kept.Where(answer => answer.Reply is not null),
            answer => Assert.EndsWith("\\boxed{A}", answer.Reply, StringComparison.Ordinal));
    }

    private static async Task FailAsync(HttpContext context, int kind)
    {
        switch (kind)
        {
            case 0:
                context.Response.Headers.RetryAfter = "0";
                await FakeModelServer.WriteAsync(context, 429, "slow down");
                break;
            case 1: await FakeModelServer.WriteAsync(context, 500, "<html>oops</html>"); break;
            case 2: context.Abort(); break;
            case 3:
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"choices\":[{\"mess");
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case 4: await FakeModelServer.ReplyAsync(context, ""); break;
            case 5: await FakeModelServer.WriteAsync(context, 200, "garbage"); break;
            case 6: await FakeModelServer.WriteAsync(context, 503,
                "{\"object\":\"error\",\"message\":\"The request queue is full.\"}"); break;
            default: await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); break;
        }
    }
}
