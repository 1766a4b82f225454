using LiveClin.Testing;
using LiveClin.Stats.Tests.Pages;
using LiveClin.Testing.Node;

namespace LiveClin.Stats.Tests.Service;

/// <summary>The worked example of docs/grpc.md with the real @grpc/grpc-js: unary, streams, an error.</summary>
public sealed class NodeCallTests
{
    [Fact]
    public async Task The_documented_calls_work_from_node()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["access.json"], """{"token":"a-token-for-tests-only"}""", TestContext.Current.CancellationToken);
        var written = await DocumentedCalls.RunAsync("StatsService", ("127.0.0.1:5286", pages.Grpc.Authority),
            ("'results/liveclin.db.access.json'", $"'{folder["access.json"]}'"));

        Assert.Contains("1 good 1/2", written, StringComparison.Ordinal);
        Assert.Contains("now 3 models", written, StringComparison.Ordinal);
        Assert.Contains("watched until CANCELLED", written, StringComparison.Ordinal);
        Assert.Contains("# LiveClin", written, StringComparison.Ordinal);
        Assert.Contains("NOT_FOUND There is no model 'nobody'; there are: good, poor, always-B.", written, StringComparison.Ordinal);
    }
}
