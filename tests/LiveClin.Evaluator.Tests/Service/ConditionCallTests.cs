using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Conditions through the contract.</summary>
public abstract class ConditionCallTests(StoreKind kind) : RunCalls(kind)
{
    [Fact]
    public async Task Names_are_resolved_in_the_order_in_which_they_are_best_asked()
    {
        var resolved = await Evaluator.Client.ResolveConditionsAsync(
            new ResolveConditionsRequest { Names = { "no-case", "single-turn+shuffled", "published", "no-case" } },
            cancellationToken: Cancellation);
        Assert.Equal(["published", "shuffled:1+single-turn", "no-case"], resolved.Names);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ResolveConditionsAsync(new ResolveConditionsRequest { Names = { "blind" } },
                cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
        Assert.Contains("there is no condition 'blind'", wrong.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_under_a_condition_tells_what_it_asks_and_where_its_letters_stand()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        (request.Condition, request.Limit) = ("shuffled", 2);
        var plan = await Evaluator.Client.PlanRunAsync(new PlanRunRequest { Start = request }, cancellationToken: Cancellation);
        Assert.Equal((plan.QuestionsToAsk, true, true),
            (plan.Estimate.Requests, plan.Estimate.InputTokens > plan.Estimate.RepeatedInputTokens, plan.Estimate.OutputTokens > 0));
        var run = await WaitForEndAsync((await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
        Assert.Equal(("shuffled:1", "fake · shuffled:1", plan.QuestionsToAsk), (run.Condition, run.Label, run.Progress.QuestionsAnswered));

        var cases = (await Evaluator.Client.ListRunCasesAsync(new ListRunCasesRequest { RunId = run.Id }, cancellationToken: Cancellation))
            .Cases;
        Assert.Equal([0, 1], cases.Select(asked => asked.CaseOrdinal));
        Assert.All(cases, asked => Assert.Equal(64, asked.Hash.Length));
        using var call = Evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id } }, cancellationToken: Cancellation);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            foreach (var answer in batch.Answers)
            {
                var letters = cases[answer.CaseOrdinal].Questions[answer.QuestionIndex].PublishedLetters;
                Assert.Equal((letters[0], letters[0] == "A" ? "" : "A"), (answer.Letter, answer.ShownLetter));
            }
        }
    }

    [Fact]
    public async Task What_changes_nothing_starts_nothing_and_what_is_wrong_names_its_field()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        request.Condition = "rotated:0";
        var started = await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation);
        Assert.Equal((true, false, 0, 0), (started.NothingToAsk, started.Started, started.Run.Progress.CasesTotal, server.Calls.Count));
        (request.Condition, request.Sample, request.Limit) = ("nothing", 3, 3);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Contains("condition", wrong.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("sample", wrong.Status.Detail, StringComparison.Ordinal);
    }
}

/// <summary>On a file.</summary>
public sealed class ConditionCallOnFileTests() : ConditionCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class ConditionCallInDatabaseTests() : ConditionCallTests(StoreKind.Postgres);
