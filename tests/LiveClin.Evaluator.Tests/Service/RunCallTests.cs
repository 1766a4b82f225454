using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Runs over the contract, against a fake model server: start, watch, follow, cancel, resume, export.</summary>
public sealed class RunCallTests : IAsyncLifetime
{
    private const string Key = "sk-very-secret-0123456789";
    private readonly TemporaryFolder _folder = new();
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Demo => Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");

    public async ValueTask InitializeAsync() => _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);

    public async ValueTask DisposeAsync()
    {
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_is_started_watched_and_followed_to_its_end()
    {
        var begin = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await begin.Task;
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        var started = await _evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation);
        Assert.True(started.Started);
        Assert.Equal((V1.RunStatus.Running, true), (started.Run.Status, started.Run.Active));

        using var watch = _evaluator.Client.WatchRun(new WatchRunRequest { RunId = started.Run.Id }, cancellationToken: Cancellation);
        using var answers = _evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { started.Run.Id }, Follow = true }, cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(WatchRunResponse.ChangeOneofCase.Snapshot, watch.ResponseStream.Current.ChangeCase);
        begin.SetResult();

        var changes = await watch.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        var ended = changes[^1].Ended;
        Assert.All(changes[..^1], change => Assert.Equal(WatchRunResponse.ChangeOneofCase.Progress, change.ChangeCase));
        Assert.Equal((V1.RunStatus.Completed, false), (ended.Status, ended.Active));
        Assert.Equal((80, 16), (ended.Progress.QuestionsDone, ended.Progress.CasesDone));

        // What is stored while the stream begins can come twice; the later one replaces the earlier one.
        var received = (await answers.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers)
            .GroupBy(answer => (answer.CaseOrdinal, answer.QuestionIndex)).Select(same => same.Last()).ToList();
        Assert.Equal(80, received.Count);
        Assert.All(received, answer => Assert.Equal(("\\boxed{A}", "A", V1.ExtractionRule.Boxed, 64), (answer.Reply, answer.Letter, answer.Rule, answer.Usage.CachedInput)));
        Assert.Equal(ended.Progress.Outcomes.Correct, received.Count(answer => answer.Outcome == V1.Outcome.Correct));
        Assert.All(server.Calls, call => Assert.Equal("Bearer " + Key, call.Authorization));
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task Answers_can_be_had_for_some_cases_only()
    {
        var run = await RunToEndAsync();
        using var stream = _evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, CaseOrdinals = { 2, 5 } }, cancellationToken: Cancellation);
        var answers = (await stream.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers).ToList();
        Assert.Equal([2, 5], answers.Select(answer => answer.CaseOrdinal).Distinct());
        Assert.All(answers.GroupBy(answer => answer.CaseOrdinal), one => Assert.Equal(Enumerable.Range(0, one.Count()), one.Select(answer => answer.QuestionIndex)));
        Assert.All(answers, answer => Assert.True(answer.HasReply));
    }

    [Fact]
    public async Task Answers_can_be_had_since_a_time_only()
    {
        var run = await RunToEndAsync();
        var all = await AnswersAsync(new StreamAnswersRequest { RunIds = { run.Id } });
        var newest = all.Select(answer => answer.CompletedAt).Max()!;
        var late = await AnswersAsync(new StreamAnswersRequest { RunIds = { run.Id }, CompletedSince = newest });
        Assert.Equal(all.Where(answer => answer.CompletedAt == newest), late);
        Assert.Empty(await AnswersAsync(new StreamAnswersRequest { RunIds = { run.Id }, CompletedSince = newest + Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }));

        async Task<List<V1.Answer>> AnswersAsync(StreamAnswersRequest request)
        {
            using var stream = _evaluator.Client.StreamAnswers(request, cancellationToken: Cancellation);
            return [.. (await stream.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers)];
        }
    }

    [Fact]
    public async Task A_watcher_that_comes_late_gets_the_end_and_nothing_else()
    {
        var run = await RunToEndAsync();
        using var watch = _evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        var only = Assert.Single(await watch.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(V1.RunStatus.Completed, only.Snapshot.Status);
    }

    [Fact]
    public async Task A_dropped_watcher_hurts_nothing_and_can_come_back()
    {
        var begin = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await begin.Task;
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        var run = (await _evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation)).Run;
        using (var dropped = _evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation))
            Assert.True(await dropped.ResponseStream.MoveNext(Cancellation));
        using var again = _evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        Assert.True(await again.ResponseStream.MoveNext(Cancellation));
        begin.SetResult();
        Assert.Equal(V1.RunStatus.Completed, (await again.ResponseStream.ReadAllAsync(Cancellation).LastAsync(Cancellation)).Ended.Status);
    }

    [Fact]
    public async Task The_same_key_starts_nothing_twice_not_even_after_a_restart()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        var calls = Enumerable.Range(0, 5).Select(_ => _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation).ResponseAsync);
        var responses = await Task.WhenAll(calls);
        Assert.Single(responses.DistinctBy(response => response.Run.Id));
        Assert.Single(responses, response => response.Started);
        await WaitForEndAsync(responses[0].Run.Id);

        await _evaluator.DisposeAsync();
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        var later = await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation);
        Assert.Equal((responses[0].Run.Id, false, V1.RunStatus.Completed), (later.Run.Id, later.Started, later.Run.Status));
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task A_cancelled_run_is_resumed_and_asks_nothing_twice()
    {
        var blocked = new TaskCompletionSource();
        var enough = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number == 20) enough.TrySetResult();
            if (call.Number >= 20) await blocked.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{B}");
        });
        var request = Request(server);
        request.Concurrency = 1;
        var run = (await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        await enough.Task.WaitAsync(Cancellation);
        var cancelling = _evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        blocked.SetResult();
        var cancelled = (await cancelling).Run;
        Assert.Equal((V1.RunStatus.Cancelled, false), (cancelled.Status, cancelled.Active));

        var resumed = (await _evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = run.Id, ApiKey = Key, Concurrency = 4 }, cancellationToken: Cancellation)).Run;
        Assert.Equal((run.Id, run.ParametersJson), (resumed.Id, resumed.ParametersJson));
        await WaitForEndAsync(run.Id);
        var stored = (await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((V1.RunStatus.Completed, 80), (stored.Status, stored.Progress.QuestionsDone));
        Assert.Contains(stored.Events, noted => noted.Kind == "resumed");
        Assert.Equal(80, server.Calls.DistinctBy(call => Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(call.Body))).Count());
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task Failures_are_told_with_the_questions_that_they_skip()
    {
        await using var server = await FakeModelServer.StartAsync((call, context) => call.Messages.Count == 3
            ? FakeModelServer.WriteAsync(context, 400, """{"error":{"message":"content_filter: no"}}""")
            : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        var request = Request(server);
        request.Limit = 2;
        var run = (await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        using var stream = _evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true, OmitTexts = true }, cancellationToken: Cancellation);
        var batches = await stream.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Single(batches, batch => batch.CaughtUp);
        var answers = batches.SelectMany(batch => batch.Answers).GroupBy(answer => (answer.CaseOrdinal, answer.QuestionIndex)).Select(group => group.Last()).ToList();
        Assert.All(answers, answer => Assert.False(answer.HasReply));
        Assert.Equal(2, answers.Count(answer => answer.Outcome == V1.Outcome.Filtered && answer.ErrorKind == "content_filter"));
        Assert.True(answers.Count(answer => answer.Outcome == V1.Outcome.NotRun && answer.ErrorKind == "skipped") > 2);
        var progress = (await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run.Progress;
        Assert.Equal((2, 2, 4), (progress.CasesTotal, progress.CasesDone, progress.QuestionsDone));
    }

    [Fact]
    public async Task A_vision_check_comes_first_when_asked_for_and_a_failed_one_is_noted()
    {
        await using var server = await FakeModelServer.StartAsync(call => call.LastText.Contains("color", StringComparison.Ordinal) ? "Blue." : "\\boxed{A}");
        var request = Request(server);
        request.Limit = 1;
        request.VisionCheck = true;
        var run = (await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        await WaitForEndAsync(run.Id);
        var stored = (await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((false, "Blue."), (stored.VisionCheck.Passed, stored.VisionCheck.Reply));
        Assert.Contains("Blue.", Assert.Single(stored.Events, noted => noted.Kind == "vision_check").Message, StringComparison.Ordinal);
        Assert.Equal(V1.RunStatus.Completed, stored.Status);
        Assert.Contains("color", server.Calls[0].LastText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Yellow", true)]
    [InlineData("green", false)]
    public async Task A_vision_check_alone_stores_nothing(string reply, bool passed)
    {
        await using var server = await FakeModelServer.StartAsync(_ => reply);
        var result = (await _evaluator.Client.VisionCheckAsync(new VisionCheckRequest { Model = Model(server) }, cancellationToken: Cancellation)).Result;
        Assert.Equal((passed, reply), (result.Passed, result.Reply));
        Assert.Empty((await _evaluator.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_request_is_said_at_once()
    {
        var request = new StartRunRequest
        {
            Model = new ModelSpec
            {
                Endpoint = "ftp://somewhere",
                Sampling = new Sampling { Temperature = 3, TopP = 0, MaxTokens = 0, ExtraBodyJson = "[1]", Preset = (ParameterPreset)9 },
            },
            Release = new ReleaseSource { Name = "demo", JsonlPath = "x.jsonl" },
            ImageMode = (V1.ImageMode)7,
            Limit = 0,
            Concurrency = 0,
            MaxRetries = -1,
            Timeout = new Google.Protobuf.WellKnownTypes.Duration { Seconds = 315_576_000_001 },
        };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        string[] fields =
        [
            "concurrency", "idempotency_key", "image_mode", "limit", "max_retries", "model.api_id", "model.endpoint", "model.sampling.extra_body_json",
            "model.sampling.max_tokens", "model.sampling.preset", "model.sampling.temperature", "model.sampling.top_p", "release", "timeout",
        ];
        Assert.Equal(fields, error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wrong_release_is_refused_with_file_and_line()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "x");
        var broken = _folder["broken.jsonl"];
        await File.WriteAllTextAsync(broken, (await File.ReadAllLinesAsync(Demo, Cancellation))[0] + "\n{\n", Cancellation);
        var request = Request(server);
        request.Release = new ReleaseSource { JsonlPath = broken, ImageRoot = Path.Combine(Path.GetDirectoryName(Demo)!, "images") };
        await AssertRefusedAsync(request, StatusCode.FailedPrecondition, "RELEASE_INVALID", "broken.jsonl:2:");
        request.Release = new ReleaseSource { JsonlPath = _folder["none.jsonl"] };
        await AssertRefusedAsync(request, StatusCode.NotFound, "RELEASE_NOT_FOUND", "none.jsonl");
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_run_whose_server_cannot_be_reached_fails_with_the_reason()
    {
        var request = new StartRunRequest
        {
            IdempotencyKey = "k", Model = new ModelSpec { ApiId = "m", Endpoint = "http://127.0.0.1:1/v1", ApiKey = Key }, Release = new ReleaseSource { JsonlPath = Demo },
        };
        var run = (await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        var ended = await WaitForEndAsync(run.Id);
        Assert.Equal(V1.RunStatus.Failed, ended.Status);
        Assert.Contains("127.0.0.1:1", ended.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ended_cannot_be_resumed_into_something_else()
    {
        var run = await RunToEndAsync();
        await using (await FakeModelServer.StartAsync(_ => "x"))
        {
            var store = _evaluator.Services.GetService(typeof(LiveClin.Core.Results.ResultStore)) as LiveClin.Core.Results.ResultStore;
            await store!.WriteAsync(write => write.AddRelease(SampleRuns.Release));
            await store.WriteAsync(write => write.AddRun(SampleRuns.Run("imported") with { Source = "results.json" }));
        }

        var error = await Assert.ThrowsAsync<RpcException>(async () => await _evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = "imported" }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, error.StatusCode); // its release lies nowhere
        var nothing = await Assert.ThrowsAsync<RpcException>(async () => await _evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = "x" }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, nothing.StatusCode);
        Assert.Equal(V1.RunStatus.Completed, (await _evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run.Status);
    }

    [Fact]
    public async Task Streams_end_when_the_evaluator_stops_and_the_run_can_be_resumed()
    {
        var asked = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number < 5)
            {
                await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
                return;
            }

            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var run = (await _evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation)).Run;
        using var watch = _evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        using var answers = _evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true }, cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        await asked.Task.WaitAsync(Cancellation);
        var stopping = _evaluator.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await watch.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal((StatusCode.Unavailable, "STOPPING"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        await Assert.ThrowsAsync<RpcException>(async () => await answers.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation));
        await stopping;

        await _evaluator.DisposeAsync();
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        var stored = (await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((V1.RunStatus.Cancelled, false), (stored.Status, stored.Active));
        Assert.Equal(5, stored.Progress.QuestionsDone);
    }

    [Fact]
    public async Task The_whole_course_of_a_run_works_as_json_over_http()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        using var posted = await _evaluator.Http.PostAsync("v1/runs", Json(JsonFormatter.Default.Format(Request(server))), Cancellation);
        var id = (string)JsonNode.Parse(await posted.Content.ReadAsStringAsync(Cancellation))!["run"]!["id"]!;
        var lines = (await _evaluator.Http.GetStringAsync($"v1/runs/{id}:watch", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var last = JsonNode.Parse(lines[^1])!;
        Assert.Equal("RUN_STATUS_COMPLETED", (string)(last["ended"] ?? last["snapshot"])!["status"]!);
        var answers = (await _evaluator.Http.GetStringAsync($"v1/answers?run_ids={id}", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonNode.Parse(line)!["answers"]?.AsArray() ?? []).ToList();
        Assert.Equal(80, answers.Count);
        using var cancelled = await _evaluator.Http.PostAsync($"v1/runs/{id}:cancel", Json("{}"), Cancellation);
        Assert.True(cancelled.IsSuccessStatusCode);
        using var wrong = await _evaluator.Http.PostAsync("v1/runs", Json("{}"), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.NotEmpty(JsonNode.Parse(await wrong.Content.ReadAsStringAsync(Cancellation))!["details"]![0]!["fieldViolations"]!.AsArray());
        using var vision = await _evaluator.Http.PostAsync("v1/models:checkVision", Json(JsonFormatter.Default.Format(new VisionCheckRequest { Model = Model(server) })), Cancellation);
        Assert.False((bool?)JsonNode.Parse(await vision.Content.ReadAsStringAsync(Cancellation))!["result"]!["passed"] ?? false);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static ModelSpec Model(FakeModelServer server) => new() { Name = "fake", ApiId = "fake", Endpoint = server.BaseUrl.ToString(), ApiKey = Key };

    private static StartRunRequest Request(FakeModelServer server) => new()
    {
        IdempotencyKey = "key-1",
        Model = Model(server),
        Release = new ReleaseSource { JsonlPath = Demo },
        Concurrency = 8,
        MaxRetries = 0,
    };

    private async Task AssertRefusedAsync(StartRunRequest request, StatusCode code, string reason, string text)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal((code, reason), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        Assert.Contains(text, error.Status.Detail, StringComparison.Ordinal);
    }

    private async Task<Run> RunToEndAsync()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        return await WaitForEndAsync((await _evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation)).Run.Id);
    }

    private async Task<Run> WaitForEndAsync(string id)
    {
        using var watch = _evaluator.Client.WatchRun(new WatchRunRequest { RunId = id }, cancellationToken: Cancellation);
        var last = await watch.ResponseStream.ReadAllAsync(Cancellation).LastAsync(Cancellation);
        return last.Ended ?? last.Snapshot;
    }
}
