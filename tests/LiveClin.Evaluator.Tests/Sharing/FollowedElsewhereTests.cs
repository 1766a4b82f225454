using Grpc.Core;
using LiveClin.Evaluator.Tests.CommandLine;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Evaluator.Tests.Service;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>A service tells of a run what any evaluator stores of it: its own process, and others on the same database.</summary>
public sealed class FollowedElsewhereTests
{
    private const int Questions = 80, Concurrency = 2;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(6);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A follower ends with the work on its run: one that comes at once must not find that there is none yet.</summary>
    [Fact]
    public async Task A_run_that_has_been_started_is_seen_as_worked_on_from_the_first_look()
    {
        var begin = Signal();
        await using var model = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await begin.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        await using var evaluator = await EvaluatorHarness.CreateAsync(StoreKind.Postgres);
        var sessions = new List<Evaluator.Runs.RunSession>();
        // Several: whether the look comes too early is a matter of chance.
        for (var run = 0; run < 20; run++)
        {
            var request = EvaluatorHarness.Request(model) with { Model = $"fake-{run}", Target = Core.Results.RunTarget.Of(1) };
            sessions.Add(await evaluator.Runs.StartAsync(request, Cancellation));
            Assert.True(evaluator.Store.IsWorkedOn(sessions[^1].Run), $"run {run}");
        }

        begin.SetResult();
        foreach (var session in sessions)
            Assert.Equal(Core.Results.RunStatus.Completed, (await session.Completion.WaitAsync(Cancellation)).Status);
    }

    [Fact]
    public async Task A_run_of_another_process_is_watched_and_followed_to_its_end_through_a_restart_of_the_database()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var (asked, followed) = (Signal(), Signal());
        await using var model = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 10) asked.TrySetResult();
            if (call.Number >= 10) await followed.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        }, "fake");
        await using var service = await RunningEvaluator.StartAsync(place);
        var other = EvaluatorProcess.Start(model, place, Concurrency);
        await asked.Task.WaitAsync(Cancellation);

        var run = Assert.Single((await service.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs);
        Assert.True(run.Active);
        using var watch = service.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        using var follow = service.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true },
            cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.True(watch.ResponseStream.Current.Snapshot.Active);
        var before = await ReadStoredAsync(follow);
        await database.CrashAsync();
        await database.StartAgainAsync();
        followed.SetResult();

        var after = (await follow.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers)
            .ToList();
        RequireEachOnce([.. before, .. after]);
        Assert.NotEmpty(before);
        // Of each conversation as it was held.
        Assert.All(after.GroupBy(answer => answer.CaseOrdinal),
            turns => Assert.Equal(turns.Select(turn => turn.QuestionIndex).Order(), turns.Select(turn => turn.QuestionIndex)));
        var changes = await watch.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        var ended = changes[^1].Ended;
        Assert.Equal((RunStatus.Completed, false, Questions), (ended.Status, ended.Active, ended.Progress.QuestionsAnswered));
        var (code, output, errors) = await other.EndAsync();
        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public async Task Of_a_run_that_is_worked_on_here_as_well_the_others_answers_come_too_and_go_on_when_this_one_stops()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var (joined, stopped) = (Signal(), Signal());
        await using var own = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 5) await joined.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "own \\boxed{A}");
        }, "fake");
        await using var others = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 10)
            {
                joined.TrySetResult();
                await stopped.Task.WaitAsync(context.RequestAborted);
            }

            await FakeModelServer.ReplyAsync(context, "other \\boxed{A}");
        }, "fake");
        await using var service = await RunningEvaluator.StartAsync(place.Place);
        var run = (await service.Client.StartRunAsync(RequestTo(own), cancellationToken: Cancellation)).Run;
        using var follow = service.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true },
            cancellationToken: Cancellation);
        var before = await ReadStoredAsync(follow);
        var other = EvaluatorProcess.Start(others, place.Place, Concurrency);
        await joined.Task.WaitAsync(Cancellation);
        await service.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id, OnlyHere = true }, cancellationToken: Cancellation);
        stopped.SetResult();

        var after = (await follow.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers)
            .ToList();
        Answer[] all = [.. before, .. after];
        RequireEachOnce(all);
        Assert.Equal(["other", "own"], all.Select(answer => answer.Reply.Split(' ')[0]).Distinct().Order());
        var (code, output, errors) = await other.EndAsync();
        Assert.True(code == 0, output + errors);
        var ended = (await service.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((RunStatus.Completed, false), (ended.Status, ended.Active));
    }

    [Fact]
    public async Task What_others_store_after_a_long_outage_of_the_database_is_followed_and_counted_as_soon_as_before()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var (asked, back, told) = (Signal(), Signal(), Signal());
        await using var own = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 3) await told.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "own \\boxed{A}");
        }, "fake");
        await using var others = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 10) asked.TrySetResult();
            if (call.Number >= 10) await back.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "other \\boxed{A}");
        }, "fake");
        await using var service = await RunningEvaluator.StartAsync(place);
        var run = (await service.Client.StartRunAsync(RequestTo(own), cancellationToken: Cancellation)).Run;
        using var follow = service.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true },
            cancellationToken: Cancellation);
        using var watch = service.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        var answers = await ReadStoredAsync(follow);
        var other = EvaluatorProcess.Start(others, place, Concurrency);
        await asked.Task.WaitAsync(Cancellation);

        await database.StopAsync();
        await Task.Delay(Outage, Cancellation);
        await database.StartAgainAsync();
        back.SetResult();

        // One who rested in proportion to the outage would rest for longer than this.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(15 * Outage);
        while (answers.Count(answer => answer.Reply.StartsWith("other", StringComparison.Ordinal)) < 20
            && await follow.ResponseStream.MoveNext(patience.Token))
            answers.AddRange(follow.ResponseStream.Current.Answers);
        while (await watch.ResponseStream.MoveNext(patience.Token))
            if (watch.ResponseStream.Current.Progress is { QuestionsAnswered: >= 20 }) break;
        Assert.NotNull(watch.ResponseStream.Current.Progress);
        told.SetResult();

        answers.AddRange((await follow.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation))
            .SelectMany(batch => batch.Answers));
        RequireEachOnce(answers);
        var (code, output, errors) = await other.EndAsync();
        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public async Task A_run_that_other_processes_work_on_is_stopped_in_all_of_them_through_any_service_or_command()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var under = new SemaphoreSlim(0);
        await using var model = await FakeModelServer.StartAsync(async (call, context) =>
        {
            under.Release();
            if (call.Number > 4) await Task.Delay(Timeout.Infinite, context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        await using var service = await RunningEvaluator.StartAsync(place.Place);
        EvaluatorProcess[] two = [EvaluatorProcess.Start(model, place.Place, Concurrency),
            EvaluatorProcess.Start(model, place.Place, Concurrency)];
        await WaitForCallsAsync(4 + (2 * Concurrency));

        var run = Assert.Single((await service.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Client.DeleteRunAsync(new DeleteRunRequest { RunId = run.Id }, cancellationToken: Cancellation));
        Assert.Matches(@"is under way at LiveClin\.Evaluator@\S+:\d+, LiveClin\.Evaluator@\S+:\d+\. Cancel it first",
            refused.Status.Detail);
        var cancelled = (await service.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((RunStatus.Cancelled, false), (cancelled.Status, cancelled.Active));
        foreach (var process in two) await RequireStoppedAsync(process);

        // What was wished then does not stop who begins now.
        var third = EvaluatorProcess.Start(model, place.Place, Concurrency);
        await WaitForCallsAsync(Concurrency);
        var stop = await CommandRunner.RunAsync("runs", "stop", run.Id, "--store", place.Argument);
        Assert.True(stop.ExitCode == 0, stop.Output + stop.Error);
        Assert.Contains($"Run {run.Id} has stopped.", stop.Output, StringComparison.Ordinal);
        await RequireStoppedAsync(third);
        await service.Client.DeleteRunAsync(new DeleteRunRequest { RunId = run.Id }, cancellationToken: Cancellation);

        async Task WaitForCallsAsync(int count)
        {
            while (count-- > 0) await under.WaitAsync(Cancellation);
        }

        static async Task RequireStoppedAsync(EvaluatorProcess process)
        {
            var (code, output, errors) = await process.EndAsync();
            Assert.True(code == 1, $"exit code {code}: {output}{errors}");
            Assert.Contains("All who work on the run are asked to stop", output + errors, StringComparison.Ordinal);
        }
    }

    private static StartRunRequest RequestTo(FakeModelServer server) => new()
    {
        IdempotencyKey = "followed", Model = new ModelSpec { Name = "fake", ApiId = "fake", Endpoint = server.BaseUrl.ToString() },
        Release = new ReleaseSource { JsonlPath = Runs.EvaluatorHarness.Demo.JsonlPath! }, Concurrency = Concurrency,
    };

    private static void RequireEachOnce(IReadOnlyCollection<Answer> answers) => Assert.Equal(
        (Questions, Questions), (answers.Count, answers.DistinctBy(answer => (answer.CaseOrdinal, answer.QuestionIndex)).Count()));

    private static async Task<List<Answer>> ReadStoredAsync(AsyncServerStreamingCall<StreamAnswersResponse> follow)
    {
        var stored = new List<Answer>();
        do
        {
            Assert.True(await follow.ResponseStream.MoveNext(Cancellation));
            stored.AddRange(follow.ResponseStream.Current.Answers);
        }
        while (!follow.ResponseStream.Current.CaughtUp);
        return stored;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
