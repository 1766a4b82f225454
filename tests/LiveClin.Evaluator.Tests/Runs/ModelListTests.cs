using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>A server that forbids something is told in its own words.</summary>
public sealed class ModelListTests
{
    private const string MissingScope =
        """{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.read.","type":"invalid_request_error"}}""";

    [Fact]
    public async Task A_key_that_may_not_list_models_may_ask_all_the_same()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{B}");
        server.ModelList = (403, MissingScope);
        await using var evaluator = new EvaluatorHarness();
        var (run, _) = await evaluator.RunAsync(EvaluatorHarness.Request(server));
        Assert.Equal((RunStatus.Completed, 80), (run.Status, server.Calls.Count));
    }

    [Fact]
    public async Task What_a_server_forbids_is_said_in_its_words_and_no_key_is_blamed()
    {
        var asked = 0;
        await using var server = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref asked) > 1
            ? FakeModelServer.WriteAsync(context, 403, """{"error":{"message":"Forbidden by policy"}}""")
            : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var evaluator = new EvaluatorHarness();
        var (run, _) = await evaluator.RunAsync(EvaluatorHarness.Request(server) with { Concurrency = 1 });
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("Forbidden by policy", run.StatusReason, StringComparison.Ordinal);
        Assert.DoesNotContain("API key", run.StatusReason, StringComparison.Ordinal);
    }
}
