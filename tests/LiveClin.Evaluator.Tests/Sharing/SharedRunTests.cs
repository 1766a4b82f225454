using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Npgsql;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>Several evaluators, each with a model server of its own, on one run in one database.</summary>
public sealed class SharedRunTests
{
    private const int Evaluators = 4, Concurrency = 2, Questions = 80;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_evaluators_begin_one_run_and_ask_each_question_once()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var asked = new ConcurrentBag<string>();
        var waiting = new ConcurrentDictionary<int, bool>();
        var allAreThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var servers = new List<FakeModelServer>();
        for (var i = 0; i < Evaluators; i++)
        {
            var number = i;
            servers.Add(await FakeModelServer.StartAsync(async (call, context) =>
            {
                asked.Add(Convert.ToBase64String(call.Body));
                waiting[number] = true;
                // Nobody is answered before everybody has something to do.
                if (waiting.Count == Evaluators) allAreThere.TrySetResult();
                await allAreThere.Task.WaitAsync(context.RequestAborted);
                await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            }));
        }

        var evaluators = servers.Select(server => EvaluatorProcess.Start(server, place.Place, Concurrency)).ToList();
        foreach (var evaluator in evaluators)
        {
            var (code, output, errors) = await evaluator.EndAsync();
            Assert.True(code == 0, output + errors);
            // Progress and summary are the run's, whoever asked.
            Assert.Contains($"8/{Questions}", output, StringComparison.Ordinal);
            Assert.DoesNotContain(PostgresServer.Password, output + errors, StringComparison.Ordinal);
        }

        Assert.Equal((Questions, Questions), (asked.Count, asked.Distinct().Count()));
        await using var store = place.OpenReadOnly();
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Completed, Questions), (run.Status, store.GetAnswers(run.Id).Count));
        Assert.All(store.GetAnswers(run.Id), answer => Assert.Equal(1, answer.Attempts));
        foreach (var server in servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Kills_and_restarts_of_the_database_lose_nothing_and_ask_nothing_again_that_is_stored()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var names = (await Runs.EvaluatorHarness.ReadDemoAsync()).Cases
            .SelectMany(clinicalCase => clinicalCase.Questions.Select(question => (question.Text, Name: $"{clinicalCase.Id} Q{question.Index + 1}"))).ToList();
        var reported = new ConcurrentDictionary<string, bool>();
        var askedAgain = new ConcurrentBag<string>();
        var (calls, at) = (0, new ConcurrentDictionary<int, TaskCompletionSource>());
        TaskCompletionSource Call(int number) => at.GetOrAdd(number, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var servers = new List<FakeModelServer>();
        for (var i = 0; i < Evaluators; i++)
        {
            servers.Add(await FakeModelServer.StartAsync(async (call, context) =>
            {
                var name = names.Single(known => call.LastText.Contains("* Question: " + known.Text + "\n", StringComparison.Ordinal)).Name;
                if (reported.ContainsKey(name)) askedAgain.Add(name);
                Call(Interlocked.Increment(ref calls)).TrySetResult();
                await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            }));
        }

        var running = servers.Select(server => EvaluatorProcess.Start(server, place, Concurrency, reported)).ToList();
        const int Kills = 4, Restarts = 2;
        for (var kill = 0; kill < Kills; kill++)
        {
            await Call(6 + (12 * kill)).Task.WaitAsync(Cancellation);
            await running[kill].KillAsync();
            running[kill] = EvaluatorProcess.Start(servers[kill], place, Concurrency, reported);
            if (kill is 1 or 2)
            {
                if (kill == 1) await database.StopAsync();
                else await database.CrashAsync();
                await database.StartAgainAsync();
            }
        }

        foreach (var evaluator in running)
        {
            var (code, output, errors) = await evaluator.EndAsync();
            Assert.True(code == 0, output + errors);
        }

        Assert.Empty(askedAgain);
        Assert.InRange(calls, Questions, Questions + (Concurrency * (Kills + (Restarts * Evaluators))));
        await using var store = ResultStore.OpenReadOnly(place);
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Completed, Questions), (run.Status, store.GetAnswers(run.Id).Count(answer => answer.Reply is not null)));
        foreach (var server in servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task One_that_is_stopped_leaves_the_run_to_the_others()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var (stopped, holding) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var slow = await FakeModelServer.StartAsync(async (_, context) =>
        {
            holding.TrySetResult();
            await stopped.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        await using var fast = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var first = EvaluatorProcess.Start(slow, place.Place, concurrency: 1);
        await holding.Task.WaitAsync(Cancellation);
        var second = EvaluatorProcess.Start(fast, place.Place, Concurrency);
        // The second one has asked all that the first does not hold, and waits for that.
        await WaitForAnswersAsync(place.Place, atLeast: Questions - 6);
        await first.InterruptAsync();
        stopped.SetResult();
        Assert.Equal(130, (await first.EndAsync()).Code);
        var (code, output, errors) = await second.EndAsync();
        Assert.True(code == 0, output + errors);
        await using var store = place.OpenReadOnly();
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Completed, Questions), (run.Status, store.GetAnswers(run.Id).Count));
        Assert.Equal(Questions, slow.Calls.Count + fast.Calls.Count);
    }

    [Fact]
    public async Task One_that_is_stopped_while_the_database_is_gone_says_so_and_goes_on_later()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var (isGone, waiting) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 6)
            {
                waiting.TrySetResult();
                await isGone.Task.WaitAsync(context.RequestAborted);
            }

            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        });
        var evaluator = EvaluatorProcess.Start(server, place, concurrency: 1);
        await waiting.Task.WaitAsync(Cancellation);
        await database.StopAsync();
        isGone.SetResult();
        await evaluator.InterruptAsync();
        var (code, output, errors) = await evaluator.EndAsync();
        Assert.True(code == 130, output + errors);
        Assert.Contains("Everything answered so far is stored; the same command goes on from there.", errors, StringComparison.Ordinal);

        await database.StartAgainAsync();
        (code, output, errors) = await EvaluatorProcess.Start(server, place, concurrency: 1).EndAsync();
        Assert.True(code == 0, output + errors);
        Assert.InRange(server.Calls.Count, Questions, Questions + 1); // the one that was under way
    }

    private static async Task WaitForAnswersAsync(string place, int atLeast)
    {
        await using var connection = new NpgsqlConnection(place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        for (long stored = 0; stored < atLeast; await Task.Delay(100, Cancellation))
        {
            await using var command = new NpgsqlCommand("SELECT CASE WHEN to_regclass('answers') IS NULL THEN 0 ELSE (xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM answers', false, true, '')))[1]::text::bigint END", connection);
            stored = Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture);
        }
    }
}
