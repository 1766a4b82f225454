using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Runs over the contract: start, watch, follow, export.</summary>
public abstract class RunCallTests(StoreKind kind) : RunCalls(kind)
{
    [Fact]
    public async Task A_run_is_started_watched_and_followed_to_its_end()
    {
        var begin = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await begin.Task;
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        var started = await Evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation);
        Assert.True(started.Started);
        Assert.Equal((V1.RunStatus.Running, true), (started.Run.Status, started.Run.Active));

        using var watch = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = started.Run.Id }, cancellationToken: Cancellation);
        using var answers = Evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { started.Run.Id }, Follow = true },
            cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(WatchRunResponse.ChangeOneofCase.Snapshot, watch.ResponseStream.Current.ChangeCase);
        begin.SetResult();

        var changes = await watch.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        var ended = changes[^1].Ended;
        Assert.All(changes[..^1], change => Assert.Equal(WatchRunResponse.ChangeOneofCase.Progress, change.ChangeCase));
        Assert.Equal((V1.RunStatus.Completed, false), (ended.Status, ended.Active));
        Assert.Equal((80, 16), (ended.Progress.QuestionsDone, ended.Progress.CasesDone));

        var received = (await answers.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation))
            .SelectMany(batch => batch.Answers).ToList();
        Assert.Equal((80, 80), (received.Count, received.DistinctBy(answer => (answer.CaseOrdinal, answer.QuestionIndex)).Count()));
        Assert.All(received,
            answer => Assert.Equal(("\\boxed{A}", "A", V1.ExtractionRule.Boxed, 64),
            (answer.Reply, answer.Letter, answer.Rule, answer.Usage.CachedInput)));
        Assert.Equal(ended.Progress.Outcomes.Correct, received.Count(answer => answer.Outcome == V1.Outcome.Correct));
        Assert.All(server.Calls, call => Assert.Equal("Bearer " + Key, call.Authorization));
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task Answers_can_be_had_for_some_cases_only()
    {
        var run = await RunToEndAsync();
        using var stream = Evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, CaseOrdinals = { 2, 5 } },
            cancellationToken: Cancellation);
        var answers = (await stream.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers)
            .ToList();
        Assert.Equal([2, 5], answers.Select(answer => answer.CaseOrdinal).Distinct());
        Assert.All(answers.GroupBy(answer => answer.CaseOrdinal),
            @case => Assert.Equal(Enumerable.Range(0, @case.Count()), @case.Select(answer => answer.QuestionIndex)));
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
        Assert.Empty(await AnswersAsync(new StreamAnswersRequest
        {
            RunIds = { run.Id },
            CompletedSince = newest + Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
        }));

        async Task<List<V1.Answer>> AnswersAsync(StreamAnswersRequest request)
        {
            using var stream = Evaluator.Client.StreamAnswers(request, cancellationToken: Cancellation);
            return [.. (await stream.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation))
                .SelectMany(batch => batch.Answers)];
        }
    }

    [Fact]
    public async Task A_watcher_that_comes_late_gets_the_end_and_nothing_else()
    {
        var run = await RunToEndAsync();
        using var watch = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
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
        var run = (await Evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation)).Run;
        using (var dropped = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation))
            Assert.True(await dropped.ResponseStream.MoveNext(Cancellation));
        using var again = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        Assert.True(await again.ResponseStream.MoveNext(Cancellation));
        begin.SetResult();
        Assert.Equal(V1.RunStatus.Completed, (await again.ResponseStream.ReadAllAsync(Cancellation).LastAsync(Cancellation)).Ended.Status);
    }

    [Fact]
    public async Task The_whole_course_of_a_run_works_as_json_over_http()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        using var posted = await Evaluator.Http.PostAsync("v1/runs", Json(JsonFormatter.Default.Format(Request(server))), Cancellation);
        var id = (string)JsonNode.Parse(await posted.Content.ReadAsStringAsync(Cancellation))!["run"]!["id"]!;
        var lines = (await Evaluator.Http.GetStringAsync($"v1/runs/{id}:watch", Cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var last = JsonNode.Parse(lines[^1])!;
        Assert.Equal("RUN_STATUS_COMPLETED", (string)(last["ended"] ?? last["snapshot"])!["status"]!);
        var answers = (await Evaluator.Http.GetStringAsync($"v1/answers?run_ids={id}", Cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonNode.Parse(line)!["answers"]?.AsArray() ?? []).ToList();
        Assert.Equal(80, answers.Count);
        using var cancelled = await Evaluator.Http.PostAsync($"v1/runs/{id}:cancel", Json("{}"), Cancellation);
        Assert.True(cancelled.IsSuccessStatusCode);
        using var wrong = await Evaluator.Http.PostAsync("v1/runs", Json("{}"), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.NotEmpty(JsonNode.Parse(await wrong.Content.ReadAsStringAsync(Cancellation))!["details"]![0]!["fieldViolations"]!.AsArray());
        using var vision = await Evaluator.Http.PostAsync("v1/models:checkVision",
            Json(JsonFormatter.Default.Format(new VisionCheckRequest { Model = Model(server) })), Cancellation);
        Assert.False((bool?)JsonNode.Parse(await vision.Content.ReadAsStringAsync(Cancellation))!["result"]!["passed"] ?? false);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}

/// <summary>On a file.</summary>
public sealed class RunCallOnFileTests() : RunCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class RunCallInDatabaseTests() : RunCallTests(StoreKind.Postgres);
