using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>The one rule of starting, over the contract; and what people say of runs.</summary>
public abstract class OneRuleCallTests(StoreKind kind) : RunCalls(kind)
{
    [Fact]
    public async Task Another_key_asks_nothing_again_and_says_so()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var first = await StartAsync(server, "1", request => request.Limit = 3);
        Assert.Equal((true, false, false), (first.Started, first.Resumed, first.NothingToAsk));
        await WaitForEndAsync(first.Run.Id);
        var calls = server.Calls.Count;

        var again = await StartAsync(server, "2", request => (request.Limit, request.VisionCheck, request.Resume) = (2, true, true));
        Assert.Equal((first.Run.Id, false, false, true, V1.RunStatus.Completed),
            (again.Run.Id, again.Started, again.Resumed, again.NothingToAsk, again.Run.Status));
        Assert.Equal((2, 2), (again.Run.Progress.CasesTotal, again.Run.Progress.CasesDone)); // of what was asked for now
        Assert.Equal(calls, server.Calls.Count);

        var more = await StartAsync(server, "3", request => (request.Limit, request.Epochs) = (3, 2));
        Assert.Equal((first.Run.Id, true, true, "3,3", 2), (more.Run.Id, more.Started, more.Resumed, more.Run.Target, more.Run.Epochs));
        var ended = await WaitForEndAsync(first.Run.Id);
        Assert.Equal((2 * calls, 6), (server.Calls.Count, ended.Progress.CasesDone));

        var fresh = await StartAsync(server, "4", request => (request.Limit, request.Fresh) = (1, true));
        Assert.NotEqual(first.Run.Id, fresh.Run.Id);
        await WaitForEndAsync(fresh.Run.Id);
        Assert.Equal(fresh.Run.Id, (await GetAsync(first.Run.Id)).SupersededBy);
    }

    [Fact]
    public async Task A_plan_says_what_would_be_asked_before_the_server_is_there()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = new PlanRunRequest
        {
            Start = new StartRunRequest
            {
                Model = new ModelSpec { Name = "fake", ApiId = "fake" },
                Release = new ReleaseSource { JsonlPath = Demo },
            },
        };
        var before = await Evaluator.Client.PlanRunAsync(request, cancellationToken: Cancellation);
        Assert.Equal((null, 80, 80), (before.Run, before.Progress.QuestionsTotal, before.QuestionsToAsk));
        var run = (await StartAsync(server, "1", start => start.Limit = 2)).Run;
        await WaitForEndAsync(run.Id);
        var calls = server.Calls.Count;

        var rest = await Evaluator.Client.PlanRunAsync(request, cancellationToken: Cancellation);
        Assert.Equal((run.Id, 80, 80 - calls, calls),
            (rest.Run.Id, rest.Progress.QuestionsTotal, rest.QuestionsToAsk, rest.Progress.QuestionsAnswered));
        request.Start.Limit = 1;
        var nothing = await Evaluator.Client.PlanRunAsync(request, cancellationToken: Cancellation);
        Assert.Equal((run.Id, 0, 1), (nothing.Run.Id, nothing.QuestionsToAsk, nothing.Progress.CasesTotal));
        request.Start.Epochs = 1001;
        var wrong = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.PlanRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
        Assert.Equal(calls, server.Calls.Count);
        Assert.Single((await Evaluator.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs);
    }

    [Fact]
    public async Task A_run_says_what_it_is_how_much_it_covers_and_what_failed()
    {
        await using var server = await FakeModelServer.StartAsync((call, context) => call.Number == 0
            ? FakeModelServer.WriteAsync(context, 400, "no") : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        var hot = (await StartAsync(server, "1",
            request => (request.Limit, request.Model.Sampling) = (2, new Sampling { Temperature = 0.7 }))).Run;
        await WaitForEndAsync(hot.Id);
        var cold = (await StartAsync(server, "2",
            request => (request.Limit, request.Model.Sampling) = (2, new Sampling { Temperature = 0 }))).Run;
        await WaitForEndAsync(cold.Id);

        var run = await GetAsync(hot.Id);
        Assert.Equal(("fake · T 0.7", "published", "2", 1, V1.RunStatus.EndedWithFailures),
            (run.Label, run.Condition, run.Target, run.Epochs, run.Status));
        Assert.Equal(new RunCoverage { CasesCovered = 2, CasesInRelease = 16, Questions = run.Progress.QuestionsTotal,
            QuestionsAnswered = run.Progress.QuestionsAnswered }, run.Coverage);
        Assert.Equal([new FailureCount { Kind = "http_400", Questions = 1, Cause = "no" }], run.Failures);
        Assert.Equal(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(run.IdentityJson))), run.Identity);
        Assert.Equal(["fake · T 0", "fake · T 0.7"],
            (await Evaluator.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs.Select(each => each.Label));
    }

    [Fact]
    public async Task Runs_are_chosen_hidden_tagged_and_deleted()
    {
        var id = (await RunToEndAsync()).Id;
        var update = new UpdateRunRequest { RunId = id, Chosen = true, Hidden = true, AddTags = { "paper", "v2" } };
        var run = (await Evaluator.Client.UpdateRunAsync(update, cancellationToken: Cancellation)).Run;
        Assert.Equal((true, true), (run.Chosen, run.Hidden));
        Assert.Equal(["paper", "v2"], run.Tags);
        run = (await Evaluator.Client.UpdateRunAsync(new UpdateRunRequest { RunId = id, Hidden = false, RemoveTags = { "v2" } },
            cancellationToken: Cancellation)).Run;
        Assert.Equal((true, false, "paper"), (run.Chosen, run.Hidden, Assert.Single(run.Tags)));
        await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.UpdateRunAsync(new UpdateRunRequest { RunId = id, AddTags = { "a\nb" } },
            cancellationToken: Cancellation));
        var abbreviated = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.DeleteRunAsync(new DeleteRunRequest { RunId = id[..10] }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, abbreviated.StatusCode);
        using var deleted = await Evaluator.Http.DeleteAsync($"v1/runs/{id}", Cancellation);
        Assert.True(deleted.IsSuccessStatusCode);
        Assert.Empty((await Evaluator.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs);
    }

    [Fact]
    public async Task A_run_is_named_and_says_where_it_was_asked_and_what_it_took()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        var serving = new ServingEnvironment
        {
            Server = "sglang",
            ServerVersion = "0.5.9",
            ServerCommand = { "python3", "-m" },
            Devices = { "NVIDIA H200" },
        };
        var begun = await StartAsync(server, "1", request => (request.Limit, request.Serving) = (1, serving));
        await WaitForEndAsync(begun.Run.Id);
        await Evaluator.Client.UpdateRunAsync(new UpdateRunRequest { RunId = begun.Run.Id, Name = "in the paper" },
            cancellationToken: Cancellation);
        var run = await GetAsync(begun.Run.Id);
        Assert.Equal(("fake · in the paper", "in the paper"), (run.Label, run.Name));
        Assert.True(run.Usage is { InputTokens: > 0, OutputTokens: > 0, RepliesUncounted: 0 });
        var recorded = Assert.Single(run.Environments);
        Assert.Equal((server.BaseUrl.ToString().TrimEnd('/'), run.ProgramVersion),
            (recorded.Endpoint.TrimEnd('/'), recorded.ProgramVersion));
        serving.ModelInfo = recorded.Serving.ModelInfo; // from the server's list
        Assert.Equal(serving, recorded.Serving);
        // Again elsewhere, with nothing known of the server: recorded beside it.
        await StartAsync(server, "2", request => request.Limit = 2);
        await WaitForEndAsync(begun.Run.Id);
        Assert.Equal([true, false], (await GetAsync(begun.Run.Id)).Environments.Select(each => each.Serving.HasServer));
        await Evaluator.Client.UpdateRunAsync(new UpdateRunRequest { RunId = begun.Run.Id, Name = "" }, cancellationToken: Cancellation);
        Assert.Equal(("fake", false), ((await GetAsync(begun.Run.Id)).Label, (await GetAsync(begun.Run.Id)).HasName));
        var long81 = new UpdateRunRequest { RunId = begun.Run.Id, Name = new string('x', 81) };
        Assert.Equal(StatusCode.InvalidArgument,
            (await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.UpdateRunAsync(long81, cancellationToken: Cancellation))).StatusCode);
    }

    [Fact]
    public async Task A_run_that_is_under_way_is_joined_and_can_be_neither_deleted_nor_replaced()
    {
        var begin = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await begin.Task;
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        var first = await StartAsync(server, "1", request => request.Limit = 2);
        var joined = await StartAsync(server, "2", request => request.Limit = 1);
        Assert.Equal((first.Run.Id, false, true), (joined.Run.Id, joined.Started, joined.Run.Active));
        await Assert.ThrowsAsync<RpcException>(() => StartAsync(server, "3", request => request.Limit = 3));
        await Assert.ThrowsAsync<RpcException>(() => StartAsync(server, "4", request => request.Fresh = true));
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.DeleteRunAsync(new DeleteRunRequest { RunId = first.Run.Id }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        begin.SetResult();
        await WaitForEndAsync(first.Run.Id);
    }

    private async Task<StartRunResponse> StartAsync(FakeModelServer server, string key, Action<StartRunRequest> change)
    {
        var request = Request(server);
        request.IdempotencyKey = key;
        change(request);
        return await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation);
    }

    private async Task<Run> GetAsync(string id) =>
        (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = id }, cancellationToken: Cancellation)).Run;
}

/// <summary>On a file.</summary>
public sealed class OneRuleCallOnFileTests() : OneRuleCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class OneRuleCallInDatabaseTests() : OneRuleCallTests(StoreKind.Postgres);
