using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>What things cost: told before, kept below a limit, told after.</summary>
public abstract class CostCommandTests(StoreKind kind) : StoreCommands(kind)
{
    // Dear enough that a fake reply (107 tokens) costs 1.07.
    private const string Price = "10000,10000 EUR";
    [Fact]
    public async Task An_estimate_says_what_it_costs_and_by_which_rules()
    {
        string[] model = ["estimate", "--model", "gpt-x", "--jsonl-path", EvaluatorHarness.Demo.JsonlPath!, "--store", Store];
        var free = await CommandRunner.RunAsync(model);
        Assert.Equal((0, ""), (free.ExitCode, free.Error));
        Assert.Contains("No costs without --price.", free.Output, StringComparison.Ordinal);
        var priced = await CommandRunner.RunAsync(
            [.. model, "--price", "2.5,1.25,10", "--reply-tokens", "1000", "--controls", "published,no-case"]);
        Assert.Equal((0, ""), (priced.ExitCode, priced.Error));
        Assert.Matches(@"published +16 +80 +80 .* 80,000 +\d+\.\d\d\d* to \d+\.\d\d\d* USD", priced.Output);
        Assert.Matches(@"\ntotal .* 160,000 ", priced.Output);
        Assert.Contains("Replies of 1000 tokens each, as asked for.", priced.Output, StringComparison.Ordinal);
        Assert.Contains("OpenAI's: 85, and 170 a tile", priced.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_stops_cleanly_is_said_once_and_a_higher_one_goes_on()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var stopped = await EvaluateAsync(server, "--max-cost", "50");
        Assert.Equal(1, stopped.ExitCode);
        Assert.Single(stopped.Error.Split('\n'), line => line.Contains("Stopped by the cost limit of 50.00 EUR", StringComparison.Ordinal));
        var asked = server.Calls.Count;
        Assert.InRange(asked, 10, 46); // 46 replies cost 49.22
        Assert.Contains("Cost of this run's replies so far: ", stopped.Output, StringComparison.Ordinal);
        Assert.Equal(asked, await CountRepliesAsync()); // what was under way has arrived

        var again = await EvaluateAsync(server, "--max-cost", "50");
        Assert.Equal((1, asked), (again.ExitCode, server.Calls.Count));
        Assert.Contains("Stopped by the cost limit", again.Error, StringComparison.Ordinal);

        // The limit is the model's: another condition does not begin anew.
        Assert.Equal((1, asked),
            ((await EvaluateAsync(server, "--max-cost", "50", "--condition", "no-case")).ExitCode, server.Calls.Count));

        var higher = await EvaluateAsync(server, "--max-cost", "5000");
        Assert.Equal((0, "", 80), (higher.ExitCode, higher.Error, server.Calls.Count));
        Assert.Contains("Cost of this run's replies so far: 85.60 EUR", higher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_does_not_count_is_taken_as_estimated()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) =>
            FakeModelServer.WriteAsync(context, 200, """{"choices":[{"message":{"content":"\\boxed{A}"},"finish_reason":"stop"}]}"""));
        var result = await EvaluateAsync(server, "--max-cost", "200");
        Assert.Equal(1, result.ExitCode);
        Assert.InRange(server.Calls.Count, 2, 30); // some thousand tokens each, at 0.01 a token
        Assert.Contains($"0.00 EUR, and {server.Calls.Count} replies that the server did not count", result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dear_replies_are_found_out_before_many_of_them_are_under_way()
    {
        var underWay = 0;
        await using var server = await FakeModelServer.StartAsync(async (_, context) =>
        {
            // Whoever is asked together waits for each other, as far as half a second goes.
            Interlocked.Increment(ref underWay);
            await Task.Delay(500, context.RequestAborted);
            await FakeModelServer.WriteAsync(
                context, 200, """{"choices":[{"message":{"content":"\\boxed{A}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":2000,"completion_tokens":20000}}""");
        });
        var result = await EvaluateAsync(server, "--max-cost", "1000");
        Assert.Equal(1, result.ExitCode);
        Assert.InRange(underWay, 2, 5); // 220 each, of which some 30 were expected
    }

    [Theory]
    [InlineData("--max-cost needs --price", "--max-cost", "5")]
    [InlineData("--max-cost needs --price", "--max-cost", "5", "--price", "0,0")]
    [InlineData("--max-cost must be above 0", "--max-cost", "0", "--price", "1,2")]
    [InlineData("'1' is no price such as", "--price", "1")]
    [InlineData("'1,-2' is no price such as", "--price", "1,-2")]
    [InlineData("a cache is never dearer. The order is IN,CACHED,OUT", "--price", "2,5,10")]
    [InlineData("'1,2 euro' is no price such as", "--price", "1,2 euro")]
    public async Task What_is_no_price_or_limit_is_refused(string message, params string[] arguments)
    {
        var result = await CommandRunner.RunAsync(
            ["evaluate", "--model", "m", "--api-base", "http://127.0.0.1:1/v1", "--store", Store, .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private async Task<int> CountRepliesAsync()
    {
        await using var store = Place.OpenReadOnly();
        return store.ListRuns().Sum(run => store.GetAnswers(run.Id).Count(answer => answer.Reply is not null));
    }

    private Task<CommandResult> EvaluateAsync(FakeModelServer server, params string[] arguments) => CommandRunner.RunAsync(
    [
        "evaluate", "--model", "m", "--api-base", server.BaseUrl.ToString(), "--params", "plain", "--jsonl-path",
        EvaluatorHarness.Demo.JsonlPath!,
        "--store", Store, "--price", Price, .. arguments,
    ]);
}

/// <summary>On a file.</summary>
public sealed class CostCommandOnFileTests() : CostCommandTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class CostCommandInDatabaseTests() : CostCommandTests(StoreKind.Postgres);
