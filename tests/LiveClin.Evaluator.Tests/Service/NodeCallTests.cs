using LiveClin.Testing;
using LiveClin.Testing.Node;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>The worked example of docs/grpc.md with the real @grpc/grpc-js: unary, both directions of streams, error details.</summary>
public sealed class NodeCallTests
{
    [Fact]
    public async Task The_documented_calls_work_from_node()
    {
        using var folder = new TemporaryFolder();
        await using var evaluator = await RunningEvaluator.StartAsync(folder["s.db"]);
        await using var server = await FakeModelServer.StartAsync((call, context) => FakeModelServer.ReplyAsync(context, "\\boxed{A}"),
            "baseline/always-A");
        var written = await DocumentedCalls.RunAsync(
            "EvaluatorService", ("'results/liveclin.db.access.json'", $"'{folder["s.db.access.json"]}'"),
            ("http://127.0.0.1:5290/v1", server.BaseUrl.ToString()),
            ("createReadStream('results.json'", $"createReadStream('{GoldenSet.OwnDemo.Recording("results-v1-mock-a.json")}'"));

        Assert.Contains("of 80", written, StringComparison.Ordinal);
        Assert.Contains("RUN_STATUS_COMPLETED { correct:", written, StringComparison.Ordinal);
        Assert.Contains("imported [ 'mock-a' ]", written, StringComparison.Ordinal);
        Assert.Contains("NOT_FOUND RUN_NOT_FOUND There is no run 'nowhere'.", written, StringComparison.Ordinal);
    }
}
