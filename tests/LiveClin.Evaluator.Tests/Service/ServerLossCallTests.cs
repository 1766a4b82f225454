using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>
/// One question hangs the model's server at each try: it is found, recorded as a failure, and everything else is answered.
/// </summary>
public sealed class ServerLossCallTests : RunCalls
{
    private const string Poison = "A girl aged 11 years and 9 months is referred";

    [Fact]
    public async Task The_question_that_hangs_the_server_is_found_and_the_rest_is_answered()
    {
        var hung = new TaskCompletionSource();
        await using var server = await FakeModelServer.StartAsync((call, context) => AnswerAsync(call, context, hung));
        var (id, isFound, atSuspects) = ("", false, false);
        var losses = 0;
        for (; !isFound && losses < 4; losses++)
        {
            hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            id = (await Evaluator.Client.StartRunAsync(Numbered(server, losses), cancellationToken: Cancellation)).Run.Id;
            await hung.Task.WaitAsync(Cancellation);
            // What a server that hangs does to all that it is asked from then on, this one does not: nothing else is under way.
            await WaitUntilAloneAsync(id);
            var loss = new ServerLoss { Kind = ServerLossKind.Hung, Reason = "for 00:01:00 it has answered nothing." };
            var cancelled = await Evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = id, ServerLoss = loss },
                cancellationToken: Cancellation);
            (isFound, atSuspects) = (cancelled.FoundCause, cancelled.AtSuspects);
        }

        Assert.Equal((2, true, true), (losses, isFound, atSuspects));
        var run = (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = id }, cancellationToken: Cancellation)).Run;
        Assert.Equal(V1.RunStatus.EndedWithFailures, run.Status);
        var failure = Assert.Single(run.Failures);
        Assert.Equal(("server_hang", 1), (failure.Kind, failure.Questions));
        Assert.StartsWith("The server was lost at this question twice, the second time with nothing else under way: for 00:01:00 it",
            failure.Cause, StringComparison.Ordinal);
        Assert.Equal(run.Progress.QuestionsTotal,
            run.Progress.QuestionsAnswered + run.Progress.Outcomes.Failed + run.Progress.Outcomes.NotRun);
        Assert.Equal(1, run.Progress.Outcomes.Failed);

        // Final, until it is asked for.
        var calls = server.Calls.Count;
        Assert.True((await Evaluator.Client.StartRunAsync(Numbered(server, 9), cancellationToken: Cancellation)).NothingToAsk);
        Assert.Equal(calls, server.Calls.Count);
        var again = Numbered(server, 10);
        again.RetryFiltered = true;
        hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True((await Evaluator.Client.StartRunAsync(again, cancellationToken: Cancellation)).Resumed);
        await hung.Task.WaitAsync(Cancellation);
        await Evaluator.Client.CancelRunAsync(new CancelRunRequest { RunId = id }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_loss_must_say_what_it_is()
    {
        var run = await RunToEndAsync();
        var request = new CancelRunRequest { RunId = run.Id, ServerLoss = new ServerLoss { Reason = "?" } };
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.CancelRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    private static async Task AnswerAsync(ChatCall call, HttpContext context, TaskCompletionSource hung)
    {
        if (System.Text.Encoding.UTF8.GetString(call.Body).Contains(Poison, StringComparison.Ordinal))
        {
            hung.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
    }

    private static StartRunRequest Numbered(FakeModelServer server, int number)
    {
        var request = Request(server);
        request.IdempotencyKey = $"key-{number}";
        return request;
    }

    private async Task WaitUntilAloneAsync(string id)
    {
        using var watch = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = id }, cancellationToken: Cancellation);
        await foreach (var change in watch.ResponseStream.ReadAllAsync(Cancellation))
            if ((change.Progress ?? change.Snapshot.Progress) is { } progress && progress.CasesDone == progress.CasesTotal - 1) return;
    }
}
