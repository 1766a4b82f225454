using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Sweep;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>What a sweep says of its costs before its first model.</summary>
public sealed class SweepEstimateTests
{
    [Fact]
    public async Task Each_model_has_a_line_over_its_conditions_and_all_of_them_one()
    {
        var (first, second) = (Endpoint("first", maxCost: 5), Endpoint("second"));
        var floor = new UnusableModel(BuiltInModels.Model("baseline/overlap"));
        var runs = new[] { Run(first), Run(first, "no-images"), Run(second), Run(floor) };

        var lines = await SweepEstimate.DescribeAsync(runs, run => Task.FromResult(new PlanRunResponse
        {
            Estimate = Estimate(run.Condition == ModelRun.Published ? 40 : 6),
        }));

        Assert.Equal(
        [
            "first: 46 requests to send, about 4,600 prompt tokens (2,300 of them repeat the turns before) and 460 reply tokens, about 0.23 to 0.46 USD; the limit is 5.00 USD",
            "second: 40 requests to send, about 4,000 prompt tokens (2,000 of them repeat the turns before) and 400 reply tokens, about 0.20 to 0.40 USD",
            "All 2 models: 86 requests to send, about 8,600 prompt tokens (4,300 of them repeat the turns before) and 860 reply tokens, about 0.43 to 0.86 USD",
        ], lines);
    }

    [Fact]
    public async Task Where_nothing_is_to_be_asked_nothing_is_said() =>
        Assert.Empty(await SweepEstimate.DescribeAsync([Run(Endpoint("done"))], _ => Task.FromResult(new PlanRunResponse
        {
            Estimate = new RunEstimate(),
        })));

    private static IModelServer Endpoint(string name, double? maxCost = null) =>
        new UnusableModel(new ModelSettings { Name = name, ApiId = name, Server = ServerKind.Endpoint, MaxCost = maxCost });

    private static ModelRun Run(IModelServer server, string condition = ModelRun.Published) =>
        new(server, new ModelRunResource("run", new SweepResource("sweep")), condition);

    private static RunEstimate Estimate(int requests) => new()
    {
        Requests = requests, InputTokens = 100 * requests, RepeatedInputTokens = 50 * requests, OutputTokens = 10 * requests,
        Cost = 0.01 * requests, CachedCost = 0.005 * requests, Currency = "USD",
    };
}
