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
        var written = await DocumentedCalls.RunAsync("StatsService", ("127.0.0.1:5286", pages.Grpc.Authority));

        Assert.Contains("1 good 1/2", written, StringComparison.Ordinal);
        Assert.Contains("now 3 models", written, StringComparison.Ordinal);
        Assert.Contains("watched until CANCELLED", written, StringComparison.Ordinal);
        Assert.Contains("# LiveClin", written, StringComparison.Ordinal);
        Assert.Contains("NOT_FOUND There is no model 'nobody'; there are: good, poor, always-B.", written, StringComparison.Ordinal);
    }
}
