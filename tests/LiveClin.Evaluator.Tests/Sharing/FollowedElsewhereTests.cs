using Grpc.Core;
using LiveClin.Evaluator.Tests.Service;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>A service tells of a run what any evaluator stores of it: its own process, and others on the same database.</summary>
public sealed class FollowedElsewhereTests
{
    private const int Questions = 80, Concurrency = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
        using var follow = service.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true }, cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.True(watch.ResponseStream.Current.Snapshot.Active);
        var before = await ReadStoredAsync(follow);
        await database.CrashAsync();
        await database.StartAgainAsync();
        followed.SetResult();

        var after = (await follow.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers).ToList();
        RequireEachOnce([.. before, .. after]);
        Assert.NotEmpty(before);
        // Of each conversation as it was held.
        Assert.All(after.GroupBy(answer => answer.CaseOrdinal), turns => Assert.Equal(turns.Select(turn => turn.QuestionIndex).Order(), turns.Select(turn => turn.QuestionIndex)));
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
        var request = new StartRunRequest
        {
            IdempotencyKey = "followed", Model = new ModelSpec { Name = "fake", ApiId = "fake", Endpoint = own.BaseUrl.ToString() },
            Release = new ReleaseSource { JsonlPath = Runs.EvaluatorHarness.Demo.JsonlPath! }, Concurrency = Concurrency,
        };
        var run = (await service.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        using var follow = service.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true }, cancellationToken: Cancellation);
        var before = await ReadStoredAsync(follow);
        var other = EvaluatorProcess.Start(others, place.Place, Concurrency);
        await joined.Task.WaitAsync(Cancellation);
        await service.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        stopped.SetResult();

        var after = (await follow.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(batch => batch.Answers).ToList();
        Answer[] all = [.. before, .. after];
        RequireEachOnce(all);
        Assert.Equal(["other", "own"], all.Select(answer => answer.Reply.Split(' ')[0]).Distinct().Order());
        var (code, output, errors) = await other.EndAsync();
        Assert.True(code == 0, output + errors);
        var ended = (await service.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((RunStatus.Completed, false), (ended.Status, ended.Active));
    }

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
