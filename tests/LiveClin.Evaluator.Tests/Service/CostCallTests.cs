using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Costs over the contract: what a plan says of them, and a limit that stops a run.</summary>
public abstract class CostCallTests(StoreKind kind) : RunCalls(kind)
{
    [Fact]
    public async Task A_plan_has_a_cost_and_a_limit_cancels_the_run_until_it_is_raised()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        request.Model.Price = new TokenPrice { Input = 10000, CachedInput = 1000, Output = 10000 };
        request.MaxCost = 30;
        var estimate = (await Evaluator.Client.PlanRunAsync(new PlanRunRequest { Start = request }, cancellationToken: Cancellation))
            .Estimate;
        Assert.Equal(("USD", 80), (estimate.Currency, estimate.Requests));
        Assert.Equal(0.01 * (estimate.InputTokens + estimate.OutputTokens), estimate.Cost, 6);
        Assert.Equal(0.009 * estimate.RepeatedInputTokens, estimate.Cost - estimate.CachedCost, 6);
        Assert.InRange(estimate.ImageTokens, 1, estimate.InputTokens);

        var run = await WaitForEndAsync((await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
        Assert.Equal(V1.RunStatus.Cancelled, run.Status);
        Assert.StartsWith("Stopped by the cost limit of 30.00 USD", run.StatusReason, StringComparison.Ordinal);
        Assert.InRange(server.Calls.Count, 1, 79);

        // Without a word about costs the limit stays, also in the next process.
        await Evaluator.DisposeAsync();
        Evaluator = await RunningEvaluator.StartAsync(Place.Place);
        var (calls, silent) = (server.Calls.Count, new ResumeRunRequest { RunId = run.Id, ApiKey = Key });
        await Evaluator.Client.ResumeRunAsync(silent, cancellationToken: Cancellation);
        var again = await WaitForEndAsync(run.Id);
        Assert.StartsWith("Stopped by the cost limit of 30.00 USD", again.StatusReason, StringComparison.Ordinal);
        Assert.Equal(calls, server.Calls.Count);
        var both = new ResumeRunRequest { RunId = run.Id, MaxCost = 1, Price = request.Model.Price, NoMaxCost = true };
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ResumeRunAsync(both, cancellationToken: Cancellation));
        Assert.Contains("no_max_cost", refused.Status.Detail, StringComparison.Ordinal);

        var more = new ResumeRunRequest { RunId = run.Id, ApiKey = Key, NoMaxCost = true };
        await Evaluator.Client.ResumeRunAsync(more, cancellationToken: Cancellation);
        Assert.Equal((V1.RunStatus.Completed, 80), ((await WaitForEndAsync(run.Id)).Status, server.Calls.Count));
    }

    [Fact]
    public async Task A_limit_needs_a_price_and_both_must_be_amounts()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        request.MaxCost = 1;
        Assert.Contains("max_cost: needs model.price", await RefusalAsync(request), StringComparison.Ordinal);
        request.Model.Price = new TokenPrice { Input = -1, Output = double.NaN, Currency = "euro" };
        request.MaxCost = double.PositiveInfinity;
        var refusal = await RefusalAsync(request);
        foreach (var field in (string[])["max_cost", "model.price.input", "model.price.output", "model.price.currency"])
            Assert.Contains(field, refusal, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(StartRunRequest request)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        return refused.Status.Detail;
    }
}

/// <summary>On a file.</summary>
public sealed class CostCallOnFileTests() : CostCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class CostCallInDatabaseTests() : CostCallTests(StoreKind.Postgres);
