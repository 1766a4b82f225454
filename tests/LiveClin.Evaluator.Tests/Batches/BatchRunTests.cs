using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.CommandLine;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.Evaluator.Runs.Batches;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Batches;

/// <summary>Runs through a batch API: the same requests and answers as one by one, whatever becomes of the batches.</summary>
public abstract class BatchRunTests(StoreKind kind)
{
    private const string Refusal = """{"error":{"message":"Invalid image.","type":"invalid_request_error","code":"invalid_image"}}""";
    private const int Waves = 6; // the demo's longest case has so many questions

    [Fact]
    public async Task A_release_is_asked_in_waves_with_the_bodies_that_are_sent_one_by_one()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Looks = 2;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, Waves), (run.Status, server.Statuses.Count));
        // first questions first
        Assert.Equal(server.Lines.Select(line => line.Messages.Count).Order(), server.Lines.Select(line => line.Messages.Count));
        Assert.Equal(Waves, server.FileCount); // outputs: the files of requests, with their images, are deleted

        await using var online = await EvaluatorHarness.CreateAsync(kind);
        await using var model = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var (_, expected) = await online.RunAsync(EvaluatorHarness.Request(model));
        Assert.Equal(model.Calls.Select(call => call.Json.GetRawText()).Order(StringComparer.Ordinal),
            server.Lines.Select(line => line.Body.GetRawText()).Order(StringComparer.Ordinal));
        Assert.Equal(Facts(expected), Facts(answers));

        static IEnumerable<object> Facts(IReadOnlyList<Answer> answers) =>
            answers.Select(answer => (object)(answer.CaseOrdinal, answer.QuestionIndex, answer.Outcome, answer.Letter, answer.Reply,
                answer.PromptHash, answer.Attempts, answer.Usage.Input));
    }

    [Fact]
    public async Task Epochs_and_conditions_work_too_and_questions_that_stand_alone_are_one_wave()
    {
        await using var server = await FakeBatchServer.StartAsync();
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server) with
        {
            Condition = Condition.Parse("single-turn"),
            Target = RunTarget.Of(null, 2),
        });
        Assert.Equal((RunStatus.Completed, 1, 160), (run.Status, server.Statuses.Count, answers.Count));
        Assert.Equal(160, server.Lines.DistinctBy(line => line.CustomId).Count());
    }

    [Fact]
    public async Task What_fails_is_asked_again_in_the_next_batch_or_kept_as_a_failure_by_the_usual_rules()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Reply = line => line.CustomId == "e1-c3-q1" ? new BatchLineReply(400, Refusal)
            : line.CustomId == "e1-c5-q0" ? new BatchLineReply(500, """{"error":{"message":"overloaded"}}""")
            : line.CustomId == "e1-c6-q0" && line.Number < 16 ? new BatchLineReply(429, """{"error":{"message":"slow down"}}""")
            : BatchLineReply.Of("\\boxed{B}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server));
        Assert.Equal(RunStatus.EndedWithFailures, run.Status);
        var failures = answers.Where(answer => answer.Outcome == Outcome.Failed)
            .Select(answer => (answer.CaseOrdinal, answer.QuestionIndex, answer.ErrorKind, answer.Attempts));
        Assert.Equal([(3, 1, "http_400", 1), (5, 0, "http_500", 6)], failures);
        Assert.All(answers.Where(answer => answer.CaseOrdinal == 6), answer => Assert.NotNull(answer.Reply));
        Assert.Equal(2, answers.Single(answer => answer is { CaseOrdinal: 6, QuestionIndex: 0 }).Attempts);
        Assert.Equal(3 + 4, answers.Count(answer => answer.ErrorKind == "skipped"));
    }

    [Theory]
    [InlineData("expired", "completed")]
    [InlineData("TIMEOUT_EXCEEDED", "SUCCESS")] // as others write them
    [InlineData("JOB_STATE_EXPIRED", "JOB_STATE_SUCCEEDED")]
    public async Task What_a_batch_did_not_come_to_is_asked_again_and_nothing_else(string expired, string completed)
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Ending = number => number == 0 ? expired : completed;
        server.Reply = line => line.Number is >= 10 and < 16 ? BatchLineReply.Undone : BatchLineReply.Of("\\boxed{A}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 80 + 6), (run.Status, server.Lines.Count));
        Assert.Contains(harness.Store.GetEvents(run.Id), noted => noted.Kind == "batch_ended"
            && noted.Message.EndsWith("expired, 10 replies, 0 failures, 6 to ask again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_that_are_named_a_moment_after_the_end_are_waited_for(bool isCounted)
    {
        await using var server = await FakeBatchServer.StartAsync();
        (server.FilesLater, server.ShowsCounts) = (3, isCounted);
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, Waves, 80), (run.Status, server.Statuses.Count, server.Lines.Count));
    }

    [Theory]
    [InlineData(16, 0, 16)]
    [InlineData(16, 5, 16)]
    [InlineData(15, 0, 21)] // it can write: the last case goes on
    public async Task A_model_that_writes_nothing_is_paid_for_one_batch_which_is_read_to_its_end(int empty, int retries, int lines)
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Reply = line => line.Number >= 16 - empty && (empty == 16 || line.Number < 16) ? new BatchLineReply(200,
            """{"choices":[{"finish_reason":"stop","message":{"content":""}}]}""") : BatchLineReply.Of("\\boxed{A}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(
            Request(server) with { Retries = new RetryPolicy(retries, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)) });
        Assert.Equal(empty == 16 ? RunStatus.Failed : RunStatus.EndedWithFailures, run.Status);
        Assert.Equal(retries == 0 ? empty : 0, answers.Count(answer => answer.ErrorKind == "empty_reply"));
        Assert.Equal(lines, server.Lines.Count);
        if (empty == 16) Assert.Contains("the model wrote nothing to any of 16 questions", run.StatusReason, StringComparison.Ordinal);
        Assert.DoesNotContain("in_progress", server.Statuses);
        Assert.Equal(server.Statuses.Count, Ends(harness, run).Count());
    }

    [Theory]
    [InlineData("""{"custom_id":"e1-c0-q0","response":null,"error":{"code":"batch_expired","message":"x"}}""", "batch_expired")]
    [InlineData("""{"custom_id":"e1-c0-q0","response":{"status_code":0,"body":null},"error":{"code":"batch_expired","message":"x"}}""", "batch_expired")]
    [InlineData("""{"custom_id":"e1-c0-q0","response":{"status_code":500,"body":null},"error":null}""", "batch_error")]
    public void A_line_without_a_body_tells_its_error(string line, string kind)
    {
        var failure = BatchResult.Read(System.Text.Encoding.UTF8.GetBytes(line))!.Failure!;
        Assert.Equal((kind, FailureScope.Transient), (failure.Kind, failure.Scope));
    }

    [Fact]
    public async Task What_is_never_come_to_is_a_failure_in_the_end()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Ending = _ => "expired";
        server.Reply = line => line.CustomId == "e1-c0-q0" ? BatchLineReply.Undone : BatchLineReply.Of("\\boxed{A}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server) with
        {
            Retries = new RetryPolicy(1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)),
        });
        Assert.Equal(RunStatus.EndedWithFailures, run.Status);
        Assert.Equal(("batch_expired", 2), (answers[0].ErrorKind, answers[0].Attempts));
        Assert.Equal(2, server.Lines.Count(line => line.CustomId == "e1-c0-q0"));
    }

    [Fact]
    public async Task A_batch_that_is_too_large_for_the_queue_is_cut()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.MostQueued = 5;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 80), (run.Status, server.Lines.Count));
        Assert.Equal(3, server.Statuses.Count(status => status == "failed")); // of 16, and two of 8
    }

    [Fact]
    public async Task A_batch_that_is_refused_stops_the_run_and_says_why()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.MostQueued = 0;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Failed, 0), (run.Status, answers.Count));
        Assert.Contains("refuses a batch: Enqueued token limit reached", run.StatusReason, StringComparison.Ordinal);
        Assert.Contains("no other batch of this run is queued", run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_full_of_the_runs_own_batches_is_waited_for()
    {
        await using var server = await FakeBatchServer.StartAsync();
        (server.MostQueuedTogether, server.Looks) = (3, 2);
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 80), (run.Status, server.Lines.Count));
        // Of 16, of 8 (twice) and of 4 (four times) alone; of 2, all that went beside the first one.
        Assert.Contains(Ends(harness, run), words => words.Contains("no room in the queue beside 1 of this run", StringComparison.Ordinal));

        // What was learnt of the queue is not learnt again.
        var before = server.Statuses.Count(status => status == "failed");
        (run, _) = await harness.RunAsync(Request(server) with { Target = RunTarget.Of(null, 2) });
        Assert.Equal((RunStatus.Completed, 160, before),
            (run.Status, server.Lines.Count, server.Statuses.Count(status => status == "failed")));
    }

    [Fact]
    public async Task Results_that_are_gone_are_asked_for_again_and_said_once()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.LosesResults = true;
        server.OnCall = call =>
        {
            if (call == "GET /v1/files/content" && server.Statuses.Count > 1) server.LosesResults = false;
            return Task.CompletedTask;
        };
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 16 + 80), (run.Status, server.Lines.Count));
        var gone = Assert.Single(harness.Store.GetEvents(run.Id), noted => noted.Kind == "batch_file_gone");
        Assert.Contains("no longer has its file", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_that_loses_one_batch_after_the_other_is_not_paid_for_more()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.LosesResults = true;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Failed, 2), (run.Status, server.Statuses.Count));
        Assert.Contains("lost the results of 2 batches in a row", run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_are_gone_do_not_hold_up_a_cancellation()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Ending = _ => "hanging";
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var session = await harness.Runs.StartAsync(Request(server), TestContext.Current.CancellationToken);
        for (var changed = session.Changed; server.Statuses.Count == 0; changed = session.Changed)
            await Task.WhenAny(session.Completion, changed);
        await session.StopAsync();
        await session.Completion;
        server.CompleteAll();
        server.LosesResults = true;

        var (run, _) = await harness.RunAsync(Request(server) with { CancelBatches = true });
        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.Contains("No batch is under way any more", run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capitals_and_bodies_in_texts_are_read()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.IsOdd = true;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 80), (run.Status, server.Lines.Count));
        Assert.All(answers, answer => Assert.Equal("A", answer.Letter));
    }

    [Fact]
    public async Task A_batch_whose_beginning_got_no_reply_is_known_by_its_file_where_the_api_shows_no_metadata()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.ShowsMetadata = false;
        var hungUp = 0;
        server.OnCall = call => call == "POST /v1/batches" && Interlocked.Exchange(ref hungUp, 1) == 0
            ? throw new InvalidOperationException("hangs up") : Task.CompletedTask;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 80, 1), (run.Status, server.Lines.Count, hungUp));
    }

    [Fact]
    public async Task What_waits_for_the_api_is_shown_and_no_batch_is_spoken_of_where_there_is_none()
    {
        await using var server = await FakeBatchServer.StartAsync();
        var release = new TaskCompletionSource();
        server.OnCall = call => call == "POST /v1/batches" ? release.Task : Task.CompletedTask;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var session = await harness.Runs.StartAsync(Request(server), TestContext.Current.CancellationToken);
        for (var changed = session.Changed; session.Progress.Note is null && !session.Completion.IsCompleted; changed = session.Changed)
            await Task.WhenAny(session.Completion, changed);
        while (server.Statuses.Count == 0) await Task.Yield();
        Assert.Equal("waiting for the API to begin a batch of 16 questions", session.Progress.Note);
        release.SetResult();
        Assert.Equal(RunStatus.Completed, (await session.Completion).Status);

        await using var model = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var (run, _) = await harness.RunAsync(EvaluatorHarness.Request(model) with { Batch = true, Fresh = true });
        Assert.Contains("No batch is under way there", run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_a_call_is_made_again_is_shown()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.OnCall = call => call == "POST /v1/batches" ? throw new InvalidOperationException("hangs up") : Task.CompletedTask;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var request = Request(server) with { Retries = new RetryPolicy(5, TimeSpan.FromHours(1), TimeSpan.FromHours(1)) };
        var session = await harness.Runs.StartAsync(request, TestContext.Current.CancellationToken);
        for (var changed = session.Changed; ; changed = session.Changed)
        {
            if (session.Completion.IsCompleted || session.Progress.Note is { } now
                && now.Contains("asked again in", StringComparison.Ordinal)) break;
            await Task.WhenAny(session.Completion, changed);
        }

        Assert.StartsWith("the API does not begin a batch (", session.Progress.Note, StringComparison.Ordinal);
        Assert.Contains(session.Progress.Note!, ProgressLine.Describe(session.Progress), StringComparison.Ordinal);
        await session.StopAsync();
        Assert.Equal(RunStatus.Cancelled, (await session.Completion).Status);
    }

    [Fact]
    public async Task A_field_that_is_refused_is_left_out_of_the_next_batch()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Reply = line => line.Body.TryGetProperty("max_tokens", out _)
            ? new BatchLineReply(400, """{"error":{"message":"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.","code":"unsupported_parameter","param":"max_tokens"}}""")
            : BatchLineReply.Of("\\boxed{A}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 80 + 16), (run.Status, server.Lines.Count));
        Assert.All(answers, answer => Assert.Equal(1, answer.Attempts));
        Assert.Single(harness.Store.GetEvents(run.Id), noted => noted.Kind == "request_adapted");
    }

    [Fact]
    public async Task A_batch_that_somebody_cancels_stops_the_run_which_goes_on_later()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Ending = number => number == 1 ? "hanging" : "completed";
        server.OnCall = call =>
        {
            if (call == "GET /v1/batches/id" && server.Statuses is [_, "in_progress"]) server.CancelAll();
            return Task.CompletedTask;
        };
        server.Reply = line => line.Number == 20 ? BatchLineReply.Undone : BatchLineReply.Of("\\boxed{A}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, answers) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Cancelled, 31), (run.Status, answers.Count));
        Assert.Contains("was cancelled at the API", run.StatusReason, StringComparison.Ordinal);

        (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 81), (run.Status, server.Lines.Count));
    }

    [Fact]
    public async Task A_stop_leaves_the_batch_and_only_a_batch_run_may_go_on()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Ending = _ => "hanging";
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var looked = new TaskCompletionSource();
        server.OnCall = call =>
        {
            if (call == "GET /v1/batches/id") looked.TrySetResult();
            return Task.CompletedTask;
        };
        var session = await harness.Runs.StartAsync(Request(server), TestContext.Current.CancellationToken);
        await looked.Task.WaitAsync(TestContext.Current.CancellationToken);
        await session.StopAsync();
        var stopped = await session.Completion;
        Assert.Equal(RunStatus.Cancelled, stopped.Status);
        Assert.Contains("1 batch goes on at the API", stopped.StatusReason, StringComparison.Ordinal);

        var (run, _) = await harness.RunAsync(Request(server) with { Batch = false });
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("--batch (Batch) collects them", run.StatusReason, StringComparison.Ordinal);
        await using var other = await FakeBatchServer.StartAsync();
        (run, _) = await harness.RunAsync(Request(other));
        Assert.Contains($"is under way at {server.BaseUrl}", run.StatusReason, StringComparison.Ordinal);
        Assert.Empty(other.Lines);

        (server.Ending, var before) = (_ => "completed", server.Lines.Count);
        (run, _) = await harness.RunAsync(Request(server));
        Assert.Equal((RunStatus.Completed, 16, 80), (run.Status, before, server.Lines.Count));
    }

    [Fact]
    public async Task Batches_are_cancelled_on_request_and_keep_what_they_have_done()
    {
        await using var server = await FakeBatchServer.StartAsync();
        server.Ending = _ => "hanging";
        server.Reply = line => line.Number < 7 ? BatchLineReply.Of("\\boxed{A}") : BatchLineReply.Undone;
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var session = await harness.Runs.StartAsync(Request(server), TestContext.Current.CancellationToken);
        for (var changed = session.Changed; server.Statuses.Count == 0; changed = session.Changed)
            await Task.WhenAny(session.Completion, changed);
        await session.StopAsync();
        await session.Completion;

        var (run, answers) = await harness.RunAsync(Request(server) with { CancelBatches = true });
        Assert.Equal((RunStatus.Cancelled, 7, "cancelled"), (run.Status, answers.Count, server.Statuses.Single()));
        Assert.Contains("No batch is under way any more", run.StatusReason, StringComparison.Ordinal);
        (server.Ending, server.Reply) = (_ => "completed", _ => BatchLineReply.Of("\\boxed{A}"));
        Assert.Equal(RunStatus.Completed, (await harness.RunAsync(Request(server))).Run.Status);
        Assert.Equal(16 + 73, server.Lines.Count);
    }

    [Fact]
    public async Task A_cost_limit_cuts_the_batches()
    {
        await using var server = await FakeBatchServer.StartAsync();
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var request = Request(server) with { Price = new Core.Costs.Price { Input = 10000, Output = 10000 }, MaxCost = 30 };
        var (run, answers) = await harness.RunAsync(request);
        Assert.Equal((RunStatus.Cancelled, server.Lines.Count), (run.Status, answers.Count));
        Assert.InRange(server.Lines.Count, 2, 28); // 28 replies cost 29.96
        Assert.Equal(RunStatus.Completed, (await harness.RunAsync(request with { MaxCost = 5000 })).Run.Status);
        Assert.Equal(80, server.Lines.Count);
    }

    [Fact]
    public async Task A_server_without_batches_is_told_from_one_without_the_model()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var harness = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await harness.RunAsync(EvaluatorHarness.Request(server) with { Batch = true });
        Assert.Equal((RunStatus.Failed, 0), (run.Status, server.Calls.Count));
        Assert.Contains($"The batch API at {server.BaseUrl} does not take the file of a batch: HTTP 404", run.StatusReason,
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ends(EvaluatorHarness harness, RunInfo run) =>
        harness.Store.GetEvents(run.Id).Where(noted => noted.Kind == "batch_ended").Select(noted => noted.Message);

    private static RunRequest Request(FakeBatchServer server) => new()
    {
        Model = "fake",
        Endpoint = new ModelEndpoint(server.BaseUrl, "fake"),
        Sampling = SamplingParameters.Plain,
        Release = new ReleaseSelection { Source = EvaluatorHarness.Demo },
        Batch = true,
        Retries = new RetryPolicy(5, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)),
        Timeout = TimeSpan.FromSeconds(30),
    };
}

/// <summary>On a file.</summary>
public sealed class BatchRunOnFileTests() : BatchRunTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class BatchRunInDatabaseTests() : BatchRunTests(StoreKind.Postgres);
