using Google.Rpc;
using Grpc.Core;
using LiveClin.Evaluator.Runs;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Runs over the contract: the same key twice, cancel, resume, stop.</summary>
public abstract class RunControlCallTests(StoreKind kind) : RunCalls(kind)
{
    [Fact]
    public async Task The_same_key_starts_nothing_twice_not_even_after_a_restart()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        var calls = Enumerable.Range(0, 5)
            .Select(_ => Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation).ResponseAsync);
        var responses = await Task.WhenAll(calls);
        Assert.Single(responses.DistinctBy(response => response.Run.Id));
        Assert.Single(responses, response => response.Started);
        await WaitForEndAsync(responses[0].Run.Id);

        await Evaluator.DisposeAsync();
        Evaluator = await RunningEvaluator.StartAsync(Place.Place);
        var later = await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation);
        Assert.Equal((responses[0].Run.Id, false, V1.RunStatus.Completed), (later.Run.Id, later.Started, later.Run.Status));
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task A_key_stands_for_one_whole_request_also_where_a_run_was_continued_and_after_a_restart()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var first = Request(server);
        first.Limit = 2;
        var run = (await Evaluator.Client.StartRunAsync(first, cancellationToken: Cancellation)).Run;
        await WaitForEndAsync(run.Id);
        var more = first.Clone();
        (more.IdempotencyKey, more.Limit) = ("key-2", 3);
        var started = await Task.WhenAll(Enumerable.Range(0, 100)
            .Select(_ => Evaluator.Client.StartRunAsync(more, cancellationToken: Cancellation).ResponseAsync));
        Assert.Equal((run.Id, 1),
            (started.Select(response => response.Run.Id).Distinct().Single(), started.Count(response => response.Started)));
        await WaitForEndAsync(run.Id);
        var calls = server.Calls.Count;

        foreach (var isRestarted in (bool[])[false, true])
        {
            if (isRestarted)
            {
                await Evaluator.DisposeAsync();
                Evaluator = await RunningEvaluator.StartAsync(Place.Place);
            }

            foreach (var same in (StartRunRequest[])[first, more, WithKey(more, "sk-another-key-0123456789")])
                Assert.False((await Evaluator.Client.StartRunAsync(same, cancellationToken: Cancellation)).Started);
            foreach (var change in (Action<StartRunRequest>[])[r => r.Limit = 4, r => r.ClearLimit(), r => r.Epochs = 2,
                r => r.ImageMode = V1.ImageMode.Url, r => r.Release = new ReleaseSource { Name = "demo" }, r => r.MaxCost = 1])
            {
                var other = more.Clone();
                change(other);
                other.Model.Price = other.HasMaxCost ? new TokenPrice { Input = 1, Output = 1 } : null;
                var error = await Assert.ThrowsAsync<RpcException>(async () =>
                    await Evaluator.Client.StartRunAsync(other, cancellationToken: Cancellation));
                Assert.Contains("'key-2'", error.Status.Detail, StringComparison.Ordinal);
            }
        }

        Assert.Equal(calls, server.Calls.Count);
    }

    private static StartRunRequest WithKey(StartRunRequest request, string key)
    {
        var other = request.Clone();
        other.Model.ApiKey = key;
        return other;
    }

    [Fact]
    public async Task A_cancelled_run_is_resumed_and_asks_nothing_twice()
    {
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var enough = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number == 20) enough.TrySetResult();
            if (call.Number >= 20) await blocked.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{B}");
        });
        var request = Request(server);
        request.Concurrency = 1;
        var run = (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        await enough.Task.WaitAsync(Cancellation);
        // The reply under way comes when the run has been told to stop: the others might all have come until then.
        var session = Evaluator.Services.GetRequiredService<RunManager>().Find(run.Id)!;
        using var stopping = session.Stopping.Register(blocked.SetResult);
        var cancelled = (await Evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((V1.RunStatus.Cancelled, false), (cancelled.Status, cancelled.Active));

        var resumed = (await Evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = run.Id, ApiKey = Key, Concurrency = 4 },
            cancellationToken: Cancellation)).Run;
        Assert.Equal((run.Id, run.ParametersJson), (resumed.Id, resumed.ParametersJson));
        await WaitForEndAsync(run.Id);
        var stored = (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((V1.RunStatus.Completed, 80), (stored.Status, stored.Progress.QuestionsDone));
        Assert.Contains(stored.Events, noted => noted.Kind == "resumed");
        Assert.Equal(80, server.Calls.DistinctBy(call => Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(call.Body)))
            .Count());
        Assert.Equal(80, server.Calls.Count);
    }

    [Fact]
    public async Task What_ended_cannot_be_resumed_into_something_else()
    {
        var run = await RunToEndAsync();
        await using (await FakeModelServer.StartAsync(_ => "x"))
        {
            var store = Evaluator.Services.GetService(typeof(LiveClin.Core.Results.ResultStore)) as LiveClin.Core.Results.ResultStore;
            await store!.WriteAsync(write => write.AddRelease(SampleRuns.Release));
            await store.WriteAsync(write => write.AddRun(SampleRuns.Run("imported") with { Source = "results.json" }));
        }

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = "imported" }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode); // its release lies outside of the data folders
        var nothing = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = "x" }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, nothing.StatusCode);
        Assert.Equal(V1.RunStatus.Completed,
            (await Evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run.Status);
    }

    [Fact]
    public async Task Streams_end_when_theEvaluator_stops_and_the_run_can_be_resumed()
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
        var run = (await Evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation)).Run;
        using var watch = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = run.Id }, cancellationToken: Cancellation);
        using var answers = Evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true },
            cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        await asked.Task.WaitAsync(Cancellation);
        var stopping = Evaluator.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await watch.ResponseStream.ReadAllAsync(Cancellation)
            .ToListAsync(Cancellation));
        Assert.Equal((StatusCode.Unavailable, "STOPPING"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        await Assert.ThrowsAsync<RpcException>(async () => await answers.ResponseStream.ReadAllAsync(Cancellation)
            .ToListAsync(Cancellation));
        await stopping;

        await Evaluator.DisposeAsync();
        Evaluator = await RunningEvaluator.StartAsync(Place.Place);
        var stored = (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((V1.RunStatus.Cancelled, false), (stored.Status, stored.Active));
        Assert.Equal(5, stored.Progress.QuestionsDone);
    }
}

/// <summary>On a file.</summary>
public sealed class RunControlCallOnFileTests() : RunControlCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class RunControlCallInDatabaseTests() : RunControlCallTests(StoreKind.Postgres);
