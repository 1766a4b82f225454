using System.Collections.Concurrent;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Networks;
using LiveClin.Testing.Postgres;
using Npgsql;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>
/// One of several evaluators is cut off from the database without a word, for longer than the server waits for a sign of life. Slow: what
/// is waited for is the server's and the client's own timeouts, set as short as they can be.
/// </summary>
public sealed class CutOffTests
{
    private const int Concurrency = 2, Questions = 80, AnsweredBefore = 6;

    // Where the server may forget a client: 2 s of silence, three questions a second. For the one that is cut off alone: on a machine
    // that has much to do, what the others ask of the database may take longer.
    private const string Impatient = "TCP Keepalive Time=2;TCP Keepalive Interval=1;Command Timeout=4;Timeout=3";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // What goes wrong here may wait for ever.
    [Theory(Timeout = 600_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_it_held_is_taken_over_and_what_it_got_meanwhile_is_not_stored_over_that(bool isMended)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var obstacle = await SeparateNetwork.FindObstacleAsync();
        Assert.SkipUnless(obstacle is null, obstacle ?? "");
        await using var network = await SeparateNetwork.StartAsync();
        await using var database = await TestDatabases.StartServerAsync(network.Database);
        var place = await database.CreateDatabaseAsync();
        var far = new NpgsqlConnectionStringBuilder($"{place};{Impatient}") { Host = $"{network.Database}" }.ConnectionString;

        // The first evaluator's last replies come when its line is cut; those to others, who ask the same again, when it is back, if ever.
        var (heldText, takenText) = (new ConcurrentDictionary<string, bool>(), new ConcurrentDictionary<string, bool>());
        var (held, cut, takenOver, over) = (Signal(), Signal(), Signal(), Signal());
        await using var cutOff = await FakeModelServer.StartAsync(network.Models, async (call, context) =>
        {
            if (call.Number >= AnsweredBefore)
            {
                if (heldText.Count < Concurrency) heldText[call.LastText] = true;
                if (heldText.Count == Concurrency) held.TrySetResult();
                await cut.Task.WaitAsync(context.RequestAborted);
            }

            await FakeModelServer.ReplyAsync(context, "first \\boxed{A}");
        }, "fake");
        await using var others = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (heldText.ContainsKey(call.LastText))
            {
                takenText[call.LastText] = true;
                if (takenText.Count == Concurrency) takenOver.TrySetResult();
                await over.Task.WaitAsync(context.RequestAborted);
            }

            await FakeModelServer.ReplyAsync(context, "second \\boxed{A}");
        }, "fake");

        var first = EvaluatorProcess.Start(cutOff, far, Concurrency, network: network);
        await held.Task.WaitAsync(cancellation);
        await network.CutAsync();
        cut.SetResult();
        var rest = new[] { EvaluatorProcess.Start(others, place, Concurrency), EvaluatorProcess.Start(others, place, Concurrency) };
        // They hold what they take over until they are told to end: one that ends before says why.
        var ends = rest.Select(evaluator => evaluator.EndAsync()).ToList();
        if (await Task.WhenAny([takenOver.Task, .. ends]).WaitAsync(cancellation) != takenOver.Task)
            Assert.Fail($"It ended: {await ends.First(end => end.IsCompleted)}");
        if (isMended)
        {
            await network.MendAsync();
            await WaitForPresenceAsync(place, $"{network.Own}");
        }

        over.SetResult();
        foreach (var evaluator in rest) await RequireAsync(evaluator, 0);
        if (!isMended) await first.InterruptAsync();
        await RequireAsync(first, isMended ? 0 : 130);

        await using var store = ResultStore.OpenReadOnly(place);
        var run = Assert.Single(store.ListRuns());
        var answers = store.GetAnswers(run.Id);
        Assert.Equal((RunStatus.Completed, null, Questions), (run.Status, run.StatusReason, answers.Count));
        // Asked again: the turns under way at the cut, and nothing else.
        var again = cutOff.Calls.Concat(others.Calls).GroupBy(call => call.LastText).Where(asked => asked.Count() > 1)
            .Select(asked => asked.Key);
        Assert.Equal(heldText.Keys.Order(), again.Order());
        Assert.Equal(Questions + Concurrency, cutOff.Calls.Count + others.Calls.Count);
        var cases = (await Runs.EvaluatorHarness.ReadDemoAsync()).Cases;
        var stored = answers.Where(answer =>
            heldText.Keys.Any(text => IsIn(text, cases[answer.CaseOrdinal].Questions[answer.QuestionIndex]))).ToList();
        Assert.Equal(["second \\boxed{A}", "second \\boxed{A}"], stored.Select(answer => answer.Reply));
    }

    private static async Task RequireAsync(EvaluatorProcess evaluator, int expected)
    {
        var (code, output, errors) = await evaluator.EndAsync();
        Assert.True(code == expected, $"exit code {code}, not {expected}: {output}{errors}");
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool IsIn(string prompt, Question question) =>
        prompt.Contains("* Question: " + question.Text + "\n", StringComparison.Ordinal);

    // Presence is the lock that an evaluator shares with the others; all of its locks are its writing connection's.
    private static async Task WaitForPresenceAsync(string place, string address)
    {
        await using var connection = new NpgsqlConnection(place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND mode = 'ShareLock' AND client_addr = $1::inet",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = address });
        while (await command.ExecuteScalarAsync(Cancellation) is 0L) await Task.Delay(100, Cancellation);
    }
}
