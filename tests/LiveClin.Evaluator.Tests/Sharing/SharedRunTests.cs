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
            }, "fake"));
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
            .SelectMany(clinicalCase =>
                clinicalCase.Questions.Select(question => (question.Text, Name: $"{clinicalCase.Id} Q{question.Index + 1}"))).ToList();
        var reported = new ConcurrentDictionary<string, bool>();
        var askedAgain = new ConcurrentBag<string>();
        var (calls, at) = (0, new ConcurrentDictionary<int, TaskCompletionSource>());
        TaskCompletionSource Call(int number) =>
            at.GetOrAdd(number, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var servers = new List<FakeModelServer>();
        for (var i = 0; i < Evaluators; i++)
        {
            servers.Add(await FakeModelServer.StartAsync(async (call, context) =>
            {
                var name = names.Single(known => call.LastText.Contains("* Question: " + known.Text + "\n", StringComparison.Ordinal)).Name;
                if (reported.ContainsKey(name)) askedAgain.Add(name);
                Call(Interlocked.Increment(ref calls)).TrySetResult();
                await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            }, "fake"));
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
        }, "fake");
        await using var fast = await FakeModelServer.StartAsync(_ => "\\boxed{A}", "fake");
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
    public async Task One_that_finds_nothing_to_ask_leaves_the_run_under_way()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var (over, holding) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            // The first cases are over.
            if (call.Number >= Questions / 2)
            {
                holding.TrySetResult();
                await over.Task.WaitAsync(context.RequestAborted);
            }

            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        }, "fake");
        var first = EvaluatorProcess.Start(server, place.Place, concurrency: 1);
        await holding.Task.WaitAsync(Cancellation);
        var (code, output, errors) = await EvaluatorProcess.Start(server, place.Place, concurrency: 1, limit: 1).EndAsync();
        Assert.True(code == 0, output + errors);
        await using var store = place.OpenReadOnly();
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Running, true), (run.Status, store.IsWorkedOn(run)));
        over.SetResult();
        Assert.Equal(0, (await first.EndAsync()).Code);
        Assert.Equal(RunStatus.Completed, store.FindRun(run.Id)!.Status);
    }

    [Fact]
    public async Task What_one_cannot_ask_because_its_model_server_is_gone_another_one_asks()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var (holding, failed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var dying = await FakeModelServer.StartAsync(async (_, context) =>
        {
            holding.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }, "fake");
        await using var sound = await FakeModelServer.StartAsync(async (_, context) =>
        {
            await failed.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        }, "fake");
        var first = EvaluatorProcess.Start(dying, place.Place, concurrency: 1, retries: 1);
        await holding.Task.WaitAsync(Cancellation);
        var second = EvaluatorProcess.Start(sound, place.Place, concurrency: 1);
        await dying.DisposeAsync();
        await WaitForAnswersAsync(place.Place, atLeast: 4); // one that failed, and those behind it
        failed.SetResult();
        await first.EndAsync();
        var (code, output, errors) = await second.EndAsync();
        Assert.True(code == 0, output + errors);
        await using var store = place.OpenReadOnly();
        Assert.Equal(Questions, store.GetAnswers(Assert.Single(store.ListRuns()).Id).Count(answer => answer.Reply is not null));
    }

    [Fact]
    public async Task One_that_is_stopped_while_the_database_is_gone_says_so_and_goes_on_later()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var (isGone, waiting) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StartWaitingAsync(isGone, waiting);
        var evaluator = EvaluatorProcess.Start(server, place, concurrency: 1);
        await waiting.Task.WaitAsync(Cancellation);
        await database.StopAsync();
        isGone.SetResult();
        await evaluator.InterruptAsync();
        var (code, output, errors) = await evaluator.EndAsync();
        Assert.True(code == 130, output + errors);
        Assert.Contains("Interrupted while the database cannot be reached since", errors, StringComparison.Ordinal);
        Assert.Contains(
            "1 reply that came meanwhile is not stored, and its question is asked again. Everything else is stored; the same command goes on from there.",
            errors, StringComparison.Ordinal);

        await database.StartAgainAsync();
        (code, output, errors) = await EvaluatorProcess.Start(server, place, concurrency: 1).EndAsync();
        Assert.True(code == 0, output + errors);
        Assert.InRange(server.Calls.Count, Questions, Questions + 1); // the one that was under way
    }

    [Fact]
    public async Task The_console_says_that_the_database_is_gone_and_that_it_is_back()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var (isGone, waiting) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StartWaitingAsync(isGone, waiting);
        var evaluator = EvaluatorProcess.Start(server, place, Concurrency);
        await waiting.Task.WaitAsync(Cancellation);
        await database.StopAsync();
        isGone.SetResult();
        await evaluator.SaysAsync(EvaluatorProcess.IsGone);
        await database.StartAgainAsync();
        var (code, output, errors) = await evaluator.EndAsync();
        Assert.True(code == 0, output + errors);
        Assert.Contains("note: the database is back after", errors, StringComparison.Ordinal);
        Assert.Equal(Questions, server.Calls.Count);
    }

    [Fact]
    public async Task A_run_whose_database_stays_away_shows_it_stops_when_patience_is_over_and_goes_on_later()
    {
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        var (isGone, waiting) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StartWaitingAsync(isGone, waiting);
        var request = Runs.EvaluatorHarness.Request(server) with { Concurrency = Concurrency };
        await using (var impatient = new Runs.EvaluatorHarness(ResultStore.Open(place, patience: TimeSpan.FromSeconds(1))))
        {
            var session = await impatient.Runs.StartAsync(request, Cancellation);
            await waiting.Task.WaitAsync(Cancellation);
            await database.StopAsync();
            var notes = WatchNotesAsync(session);
            isGone.SetResult();
            var run = await session.Completion.WaitAsync(Cancellation);
            Assert.Equal(RunStatus.Failed, run.Status);
            Assert.Contains("the server cannot be reached", run.StatusReason, StringComparison.Ordinal);
            Assert.Contains(await notes, note => note.Contains("the database cannot be reached since", StringComparison.Ordinal));
            Assert.InRange(session.Progress.Unstored, 1, Concurrency);
            Assert.Null(impatient.Runs.Find(run.Id));
        }

        await database.StartAgainAsync();
        var asked = server.Calls.Count;
        await using var again = new Runs.EvaluatorHarness(ResultStore.Open(place));
        var (ended, answers) = await again.RunAsync(request);
        Assert.Equal((RunStatus.Completed, Questions), (ended.Status, answers.Count(answer => answer.Reply is not null)));
        Assert.InRange(asked, 6, 6 + Concurrency);
        Assert.InRange(server.Calls.Count, Questions, Questions + Concurrency);
    }

    private static async Task<List<string>> WatchNotesAsync(Evaluator.Runs.RunSession session)
    {
        var notes = new List<string>();
        while (true)
        {
            var (changed, isLast) = (session.Changed, session.Completion.IsCompleted);
            if (session.Progress.Note is { } note) notes.Add(note);
            if (isLast) return notes;
            await Task.WhenAny(changed, session.Completion);
        }
    }

    // Answers six questions; the others wait until the database is gone.
    private static Task<FakeModelServer> StartWaitingAsync(TaskCompletionSource isGone, TaskCompletionSource waiting) =>
        FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 6)
            {
                waiting.TrySetResult();
                await isGone.Task.WaitAsync(context.RequestAborted);
            }

            await FakeModelServer.ReplyAsync(context, "\\boxed{A}");
        }, "fake");

    private static async Task WaitForAnswersAsync(string place, int atLeast)
    {
        await using var connection = new NpgsqlConnection(place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        for (long stored = 0; stored < atLeast; await Task.Delay(100, Cancellation))
        {
            await using var command =
                new NpgsqlCommand("SELECT CASE WHEN to_regclass('answers') IS NULL THEN 0 ELSE (xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM answers', false, true, '')))[1]::text::bigint END", connection);
            stored = Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture);
        }
    }
}
