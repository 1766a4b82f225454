using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.CommandLine;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>What a server's list of models decides: a first start needs none, going on at another address does.</summary>
public sealed class ModelListTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private const string MissingScope =
        """{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.read.","type":"invalid_request_error"}}""";

    public static TheoryData<int, string, string> Lists => new()
    {
        { 404, "{}", "/models answers HTTP 404" },
        { 500, "{}", "/models answers HTTP 500" },
        { 200, """{"object":"list","data":[]}""", "/models lists no model" },
        { 200, """{"data":[{"id":"zz"}]}""", "does not list the model 'fake'; it has zz" },
        { 403, MissingScope, "Missing scopes: api.model.read" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_run_goes_on_elsewhere_only_where_its_model_is_listed_and_begins_anywhere(int status, string list, string reason)
    {
        var asked = 0;
        await using var first = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref asked) > 3
            ? FakeModelServer.WriteAsync(context, 402, "{}") : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var other = await FakeModelServer.StartAsync(_ => "\\boxed{B}");
        other.ModelList = _ => (status, list);
        await using var evaluator = new EvaluatorHarness();
        var (begun, _) = await evaluator.RunAsync(EvaluatorHarness.Request(first) with { Concurrency = 1 });
        Assert.Equal(RunStatus.Failed, begun.Status);

        var session = await evaluator.Runs.StartAsync(EvaluatorHarness.Request(other), Cancellation);
        var refused = await session.Completion.WaitAsync(Cancellation);
        var answers = evaluator.Store.GetAnswers(refused.Id);
        Assert.Equal((begun.Id, RunStatus.Failed, 3), (refused.Id, refused.Status, answers.Count(answer => answer.Reply is not null)));
        Assert.True(session.IsRefused); // exit code 2
        Assert.Contains(reason, refused.StatusReason, StringComparison.Ordinal);
        Assert.Contains("--fresh", refused.StatusReason, StringComparison.Ordinal);
        Assert.Empty(other.Calls);

        var (fresh, _) = await evaluator.RunAsync(EvaluatorHarness.Request(other) with { Fresh = true });
        Assert.Equal((RunStatus.Completed, 80), (fresh.Status, other.Calls.Count));
    }

    [Fact]
    public async Task A_larger_target_that_is_refused_leaves_the_run_as_it_was()
    {
        await using var first = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var other = await FakeModelServer.StartAsync(_ => "\\boxed{B}");
        other.ModelList = _ => (404, "{}");
        await using var evaluator = new EvaluatorHarness();
        var (begun, _) = await evaluator.RunAsync(EvaluatorHarness.Request(first) with { Target = RunTarget.Of(2) });
        Assert.Equal(RunStatus.Completed, begun.Status);
        var before = evaluator.Store.FindRun(begun.Id)!;

        var session = await evaluator.Runs.StartAsync(EvaluatorHarness.Request(other), Cancellation);
        var refused = await session.Completion.WaitAsync(Cancellation);
        Assert.Equal((begun.Id, RunStatus.Failed, true), (refused.Id, refused.Status, session.IsRefused));
        var stored = evaluator.Store.FindRun(begun.Id)!;
        Assert.Equal((before.Status, before.Target, before.FinishedAt), (stored.Status, stored.Target, stored.FinishedAt));
        Assert.Contains(evaluator.Store.GetEvents(begun.Id), happened => happened.Kind == "refused" && happened.Message.Contains(
            "goes on at another address only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_for_its_list_again()
    {
        var asked = 0;
        await using var first = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref asked) > 3
            ? FakeModelServer.WriteAsync(context, 402, "{}") : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var other = await FakeModelServer.StartAsync(_ => "\\boxed{B}", "fake");
        other.ModelList = call => call == 1 ? (503, """{"error":{"message":"Loading model"}}""") : null;
        await using var evaluator = new EvaluatorHarness();
        var (begun, _) = await evaluator.RunAsync(EvaluatorHarness.Request(first) with { Concurrency = 1 });
        Assert.Equal(RunStatus.Failed, begun.Status);
        var (done, _) = await evaluator.RunAsync(EvaluatorHarness.Request(other));
        Assert.Equal((begun.Id, RunStatus.Completed), (done.Id, done.Status));
    }

    [Fact]
    public async Task A_run_without_replies_begins_where_it_can()
    {
        await using var broke = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(context, 402, "{}"));
        await using var other = await FakeModelServer.StartAsync(_ => "\\boxed{B}");
        await using var evaluator = new EvaluatorHarness();
        var (begun, _) = await evaluator.RunAsync(EvaluatorHarness.Request(broke));
        var (done, _) = await evaluator.RunAsync(EvaluatorHarness.Request(other));
        Assert.Equal((begun.Id, RunStatus.Completed), (done.Id, done.Status));
    }

    [Fact]
    public async Task An_address_that_the_run_has_replies_from_needs_no_list_any_more()
    {
        var (first, second) = (0, 0);
        await using var begins = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref first) > 3
            ? FakeModelServer.WriteAsync(context, 402, "{}") : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var other = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref second) == 3
            ? FakeModelServer.WriteAsync(context, 402, "{}") : FakeModelServer.ReplyAsync(context, "\\boxed{B}"), "fake");
        await using var evaluator = new EvaluatorHarness();
        await evaluator.RunAsync(EvaluatorHarness.Request(begins) with { Concurrency = 1 });
        await evaluator.RunAsync(EvaluatorHarness.Request(other) with { Concurrency = 1 });

        // So it is where the run began; that server has no credit left.
        var (back, _) = await evaluator.RunAsync(EvaluatorHarness.Request(begins));
        Assert.Contains("402", back.StatusReason, StringComparison.Ordinal);
        other.ModelList = _ => (500, "{}");
        var (done, _) = await evaluator.RunAsync(EvaluatorHarness.Request(other));
        Assert.Equal(RunStatus.Completed, done.Status);
    }

    [Fact]
    public async Task The_command_refuses_with_exit_code_2_and_a_model_that_can_be_looked_up_is_as_good_as_listed()
    {
        var asked = 0;
        await using var first = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref asked) > 3
            ? FakeModelServer.WriteAsync(context, 402, "{}") : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var other = await FakeModelServer.StartAsync(_ => "\\boxed{B}");
        using var folder = new TemporaryFolder();
        Task<CommandResult> EvaluateAsync(FakeModelServer server) => CommandRunner.RunAsync(
            "evaluate", "--model", "org/fake", "--api-base", server.BaseUrl.ToString(), "--image-mode", "local", "--store", folder["s.db"],
            "--jsonl-path", EvaluatorHarness.Demo.JsonlPath!, "--concurrency", "1", "--params", "plain");
        Assert.Equal(ExitCodes.SomeFailed, (await EvaluateAsync(first)).ExitCode);

        var refused = await EvaluateAsync(other);
        Assert.Equal(ExitCodes.Invalid, refused.ExitCode);
        Assert.Contains($"has replies from {first.BaseUrl}, and goes on at another address only where", refused.Error,
            StringComparison.Ordinal);

        other.Model = "org/fake";
        var done = await EvaluateAsync(other);
        Assert.True(done.ExitCode == 0, done.Error);
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
        Assert.DoesNotContain("valid one", run.StatusReason, StringComparison.Ordinal);
    }
}
