using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>Shards on the command line: parts that are asked apart, and together are a run.</summary>
public sealed class ShardCommandTests : IDisposable
{
    private const int Questions = 80;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Three_shards_ask_every_question_once_and_merge_into_a_complete_run()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        foreach (var shard in (int[])[3, 1, 2])
        {
            var result = await EvaluateAsync(server, $"{shard}.db", "--shard", $"{shard}/3");
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }

        Assert.Equal(Questions, server.Calls.Count);
        Assert.Equal(Questions, server.Calls.Select(call => Convert.ToBase64String(call.Body)).Distinct().Count());
        var list = await CommandRunner.RunAsync("runs", "list", "--store", _folder["2.db"]);
        Assert.Contains(" all@2/3 ", list.Output, StringComparison.Ordinal);
        Assert.Contains(" 5/16 partial ", list.Output, StringComparison.Ordinal);

        string[] stores = [_folder["2.db"], _folder["3.db"], _folder["1.db"]];
        Assert.Equal(0, (await CommandRunner.RunAsync(["merge", .. stores[..2], "--into", _folder["whole.db"]])).ExitCode);
        Assert.Equal((RunStatus.Completed, "all@2/3+all@3/3", 10), await StateAsync());
        Assert.Equal(0, (await CommandRunner.RunAsync("merge", stores[2], "--into", _folder["whole.db"])).ExitCode);
        Assert.Equal((RunStatus.Completed, "all", 16), await StateAsync());

        // The whole has nothing left to ask, and one shard's own store only the others.
        Assert.Equal(0, (await EvaluateAsync(server, "whole.db")).ExitCode);
        Assert.Equal(Questions, server.Calls.Count);
        var before = server.Calls.Count;
        Assert.Equal(0, (await EvaluateAsync(server, "2.db", "--limit", "4", "--shard", "1/2")).ExitCode);
        await using var store = ResultStore.OpenReadOnly(_folder["2.db"]);
        var run = store.ListRuns().Single();
        Assert.Equal("4@1/2+all@2/3", run.Target.ToString());
        // Of the cases 0 and 2, neither is in the second shard of three.
        Assert.Equal(store.GetAnswers(run.Id).Count(answer => answer.CaseOrdinal is 0 or 2), server.Calls.Count - before);
    }

    [Theory]
    [InlineData("4/3")]
    [InlineData("auto")]
    public async Task What_is_no_shard_is_said_before_anything_is_asked(string shard)
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, "none.db", "--shard", shard);
        Assert.Equal((2, 0), (result.ExitCode, server.Calls.Count));
        Assert.Contains("--shard: ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["none.db"]));
    }

    [Fact]
    public async Task A_shard_without_a_case_is_said_to_be_one()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var result = await EvaluateAsync(server, "none.db", "--limit", "4", "--shard", "9/9");
        Assert.Equal((0, 0), (result.ExitCode, server.Calls.Count));
        Assert.Contains(
            "There is no case in shard 9/9 of the first 4 cases: there is nothing to ask.", result.Output, StringComparison.Ordinal);
    }

    private async Task<(RunStatus Status, string Target, int Covered)> StateAsync()
    {
        await using var store = ResultStore.OpenReadOnly(_folder["whole.db"]);
        var run = store.ListRuns().Single();
        return (run.Status, run.Target.ToString(), store.Tally(run).CasesCovered);
    }

    private Task<CommandResult> EvaluateAsync(FakeModelServer server, string store, params string[] more) => CommandRunner.RunAsync(
        ["evaluate", "--model", "m", "--api-base", server.BaseUrl.ToString(), "--image-mode", "local", "--params", "plain", "--store",
            _folder[store], .. more]);
}
