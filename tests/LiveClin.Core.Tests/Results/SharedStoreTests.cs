using LiveClin.Core.Answers;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Npgsql;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Results;

/// <summary>Several processes on one database, and a database that goes away and comes back.</summary>
public sealed class SharedStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_open_an_empty_database_at_once()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(place.Open)));
        await Task.WhenAll(stores.Select((store, i) => store.WriteAsync(write =>
        {
            write.AddRelease(Release);
            write.AddRun(Run($"r{i}", model: $"m{i}"));
        })));
        Assert.Equal(8, stores[0].ListRuns().Count);
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task Of_several_that_begin_a_run_at_once_one_does()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(place.Open)));
        await stores[0].WriteAsync(write => write.AddRelease(Release));
        var begun = new int[stores.Length];
        await Task.WhenAll(stores.Select((store, i) => store.WriteAsync(write =>
        {
            var run = Run($"r{i}");
            begun[i] = write.IsNew(run.Specification.Identity) ? 1 : 0;
            if (begun[i] == 1) write.AddRun(run);
        })));
        Assert.Equal((1, 1), (begun.Sum(), stores[0].ListRuns().Count));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_release_that_another_one_stores_while_it_is_looked_for_is_not_damaged()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r"), []));
        await using var reader = place.OpenReadOnly();
        await place.ExecuteAsync("CREATE TABLE others AS SELECT * FROM cases; DELETE FROM cases");
        await using var connection = new NpgsqlConnection(place.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var store = new NpgsqlCommand("LOCK TABLE releases IN ACCESS EXCLUSIVE MODE; INSERT INTO cases SELECT * FROM others",
            connection);
        await store.ExecuteNonQueryAsync(Cancellation);

        // The cases have been counted, and the release is waited for.
        using var watch = new DamageWatch();
        var looking = Task.Run(() => reader.GetCases(Release.Sha256), Cancellation);
        while (await TestDatabases.CountWaitingAsync(connection) == 0) await Task.Delay(10, Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal([0, 1], (await looking).Select(stored => stored.Ordinal));
        Assert.False(watch.HasSeenDamage);
    }

    [Fact]
    public async Task A_conversation_is_claimed_by_one_at_a_time_and_free_when_that_one_is_gone()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r", status: RunStatus.Running), []));
        var first = place.Open();
        await using var second = place.Open();
        var claim = await first.TryClaimAsync("r", 1, 0, Cancellation);
        Assert.NotNull(claim);
        Assert.Null(await first.TryClaimAsync("r", 1, 0, Cancellation));
        Assert.Null(await second.TryClaimAsync("r", 1, 0, Cancellation));
        Assert.NotNull(await second.TryClaimAsync("r", 2, 0, Cancellation));
        Assert.NotNull(await second.TryClaimAsync("r", 1, 1, Cancellation));
        await first.ReleaseAsync(claim);
        Assert.NotNull(claim = await second.TryClaimAsync("r", 1, 0, Cancellation));
        await second.ReleaseAsync(claim);
        Assert.NotNull(await first.TryClaimAsync("r", 1, 0, Cancellation));
        await first.DisposeAsync();
        await TakeAsync(second, caseOrdinal: 0);
    }

    [Fact]
    public async Task Who_looks_rests_in_proportion_to_the_look_and_not_to_an_outage_in_it()
    {
        var (least, slow) = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        await using var database = await TestDatabases.StartServerAsync();
        var place = await database.CreateDatabaseAsync();
        await CreateStoreAsync(place, (Run("r"), []));
        await using var reader = ResultStore.OpenReadOnly(place);
        var told = new List<TimeSpan>();
        reader.ReadersWaited += (_, lasted) => told.Add(lasted);
        Assert.NotNull(reader.FindRun("r"));
        Assert.Equal(least, reader.RestAfter(TimeSpan.FromMilliseconds(2), 20, least));
        Assert.Equal(TimeSpan.FromSeconds(4), reader.RestAfter(TimeSpan.FromMilliseconds(200), 20, least));
        Assert.InRange(reader.RestAfter(slow, 20, least), least, TimeSpan.FromSeconds(15));

        await database.StopAsync();
        var reading = Task.Run(() => reader.FindRun("r"), Cancellation);
        while (!reader.WasAwayWithin(slow)) await Task.Delay(10, Cancellation);
        await database.StartAgainAsync();
        Assert.NotNull(await reading);
        Assert.Single(told);
        Assert.Equal(least, reader.RestAfter(slow, 20, least));
    }

    [Fact]
    public async Task Who_works_on_a_run_is_seen_by_all_and_counted_by_the_others()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r", status: RunStatus.Running), []), (Run("other", status: RunStatus.Running), []));
        await using var first = place.Open();
        await using var second = place.Open();
        await using var reader = place.OpenReadOnly();
        var run = reader.FindRun("r")!;
        Assert.False(reader.IsWorkedOn(run));
        await first.EnterRunAsync("r", Cancellation);
        await second.EnterRunAsync("r", Cancellation);
        Assert.Equal((1, 0), (await first.CountOthersAsync("r", Cancellation), await first.CountOthersAsync("other", Cancellation)));
        Assert.True(reader.IsWorkedOn(run));
        Assert.False(reader.IsWorkedOn(reader.FindRun("other")!));
        Assert.Equal(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            reader.FindWriter()?.Program.Split(':')[^1]);
        await second.LeaveRunAsync("r");
        Assert.Equal(0, await first.CountOthersAsync("r", Cancellation));
        await first.LeaveRunAsync("r");
        Assert.False(reader.IsWorkedOn(run));
    }

    [Fact]
    public async Task Answers_wait_while_the_server_is_gone_and_claims_go_on_unless_others_have_them()
    {
        await using var server = await TestDatabases.StartServerAsync();
        var database = await server.CreateDatabaseAsync();
        await CreateStoreAsync(database, (Run("r", status: RunStatus.Running), []));
        await using var store = ResultStore.Open(database);
        var kept = (await store.TryClaimAsync("r", 1, 0, Cancellation))!;
        await store.WriteClaimedAsync(write => write.PutAnswer("r", Answer(0, 0, Outcome.Correct)), kept, Cancellation);

        await server.StopAsync();
        var waiting = store.WriteClaimedAsync(write => write.PutAnswer("r", Answer(0, 1, Outcome.Wrong)), kept, Cancellation);
        using var impatient = new CancellationTokenSource();
        var givenUp = store.WriteClaimedAsync(write => write.PutAnswer("r", Answer(0, 2, Outcome.Wrong)), kept, impatient.Token);
        await impatient.CancelAsync();
        var reading = Task.Run(() => store.ListRuns().Count, Cancellation);
        await server.StartAgainAsync();
        await waiting;
        Assert.Equal(1, await reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Assert.Equal([Outcome.Correct, Outcome.Wrong], store.GetAnswers("r").Select(answer => answer.Outcome));

        // Cut off by the server alone: the claims are free, and another process takes this one before the writer is back.
        var lost = (await store.TryClaimAsync("r", 1, 1, Cancellation))!;
        await using var other = ResultStore.Open(database);
        await TakeFromAsync(database, other);
        await Assert.ThrowsAsync<ClaimLostException>(() =>
            store.WriteClaimedAsync(write => write.PutAnswer("r", Answer(1, 0, Outcome.Wrong)), lost, Cancellation));
        await store.WriteClaimedAsync(write => write.PutAnswer("r", Answer(0, 2, Outcome.Correct)), kept, Cancellation);
        Assert.Equal(3, store.GetAnswers("r").Count);
    }

    [Fact]
    public async Task An_outage_is_told_when_it_begins_and_when_it_is_over()
    {
        await using var server = await TestDatabases.StartServerAsync();
        await using var store = ResultStore.Open(await server.CreateDatabaseAsync());
        var (gone, back) = (new TaskCompletionSource<StoreOutage>(), new TaskCompletionSource<StoreOutage>());
        store.OutageChanged += (_, outage) => (outage.Lasted is null ? gone : back).SetResult(outage);
        await store.WriteAsync(write => write.AddRelease(Release));
        Assert.Null(store.Outage);
        await server.StopAsync();
        var waiting = store.WriteAsync(write => write.AddRun(Run("r")));
        var outage = await gone.Task.WaitAsync(Cancellation);
        Assert.Equal(outage, store.Outage);
        Assert.Equal($"the database cannot be reached since {outage.SinceText}; what is to be stored waits, for up to 10 min",
            outage.Describe());
        await server.StartAgainAsync();
        await waiting;
        Assert.Null(store.Outage);
        var over = await back.Task.WaitAsync(Cancellation);
        Assert.Equal(outage, over with { Lasted = null });
        Assert.StartsWith("the database is back after ", over.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "1 s")]
    [InlineData(40, "40 s")]
    [InlineData(60, "1 min")]
    [InlineData(754, "12 min 34 s")]
    public void How_long_an_outage_lasted_is_said_in_minutes_and_seconds(int seconds, string words) =>
        Assert.Equal($"the database is back after {words}",
            new StoreOutage(default, default) { Lasted = TimeSpan.FromSeconds(seconds) }.Describe());

    [Fact]
    public async Task When_patience_is_over_all_are_told_and_what_is_let_go_of_then_is_free_when_the_server_is_back()
    {
        await using var server = await TestDatabases.StartServerAsync();
        var database = await server.CreateDatabaseAsync();
        await CreateStoreAsync(database, (Run("r", status: RunStatus.Running), []));
        await using var store = ResultStore.Open(database, patience: TimeSpan.FromMilliseconds(300));
        var claim = (await store.TryClaimAsync("r", 1, 0, Cancellation))!;
        await store.EnterRunAsync("r", Cancellation);
        await server.StopAsync();
        var held = store.WriteClaimedAsync(write => write.PutAnswer("r", Answer(0, 0, Outcome.Correct)), claim, Cancellation);
        Assert.Equal(StoreProblem.Unreachable, (await Assert.ThrowsAsync<StoreException>(() => held)).Problem);
        var later = store.WriteAsync(write => write.PutAnswer("r", Answer(0, 0, Outcome.Correct)));
        Assert.Equal(StoreProblem.Unreachable, (await Assert.ThrowsAsync<StoreException>(() => later)).Problem);
        await store.ReleaseAsync(claim);
        await store.LeaveRunAsync("r");
        Assert.NotNull(store.Outage);

        await server.StartAgainAsync();
        Assert.NotNull(await WhenBackAsync(() => store.TryClaimAsync("r", 1, 0, Cancellation)));
        Assert.Null(store.Outage);
        await using var other = ResultStore.Open(database);
        Assert.Equal(0, await other.CountOthersAsync("r", Cancellation));
        Assert.Empty(store.GetAnswers("r"));
    }

    // Who asks between two attempts is told what came of the last one.
    private static async Task<T> WhenBackAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StoreException error) when (error.Problem == StoreProblem.Unreachable)
            {
                await Task.Delay(50, Cancellation);
            }
        }
    }

    // Ends the first session that holds an advisory lock; the other store waits for the conversation and takes it.
    private static async Task TakeFromAsync(string database, ResultStore other)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var end =
            new NpgsqlCommand("SELECT pg_terminate_backend(pid, 10000) FROM (SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory') AS holders", connection);
        await end.ExecuteNonQueryAsync(Cancellation);
        await TakeAsync(other, caseOrdinal: 1);
    }

    // The server ends a session a moment after its connection.
    private static async Task TakeAsync(ResultStore store, int caseOrdinal)
    {
        while (await store.TryClaimAsync("r", 1, caseOrdinal, Cancellation) is null) await Task.Delay(10, Cancellation);
    }

    [Fact]
    public async Task The_same_answer_again_is_no_other_one_and_another_reply_means_that_the_claim_was_lost()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r", status: RunStatus.Running), []));
        await using var store = place.Open();
        var claim = (await store.TryClaimAsync("r", 1, 0, Cancellation))!;
        var answer = Answer(0, 0, Outcome.Correct);
        for (var time = 0; time < 2; time++) await store.WriteClaimedAsync(write => write.PutAnswer("r", answer), claim, Cancellation);
        await Assert.ThrowsAsync<ClaimLostException>(() => store.WriteClaimedAsync(
            write => write.PutAnswer("r", answer with { Reply = "another", CompletedAt = answer.CompletedAt.AddSeconds(1) }), claim,
            Cancellation));
        Assert.Equal(answer, Assert.Single(store.GetAnswers("r")));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, StoreKind.Postgres)]
    [InlineData(StoreKind.Postgres, StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres, StoreKind.Postgres)]
    public async Task Stores_of_both_kinds_merge_into_each_other_and_twice_changes_nothing(StoreKind from, StoreKind into)
    {
        await using var source = await TestStore.CreateAsync(from);
        await using var target = await TestStore.CreateAsync(into);
        var odd = Answer(0, 1, Outcome.Correct, reply: "\0 \ud800 \\boxed{A}");
        await CreateStoreAsync(source.Place, (Run("a"), [Answer(0, 0, Outcome.Correct), odd, Answer(0, 2, Outcome.Failed)]),
            (Run("b", model: "other"), []));
        await using var reading = source.OpenReadOnly();
        await using var merged = target.Open();
        var first = await new StoreMerge(reading, merged).RunAsync(Cancellation);
        Assert.Equal((2, 1, 0), (first.RunsAdded, first.Conversations, first.Conflicts.Count));
        Assert.Equal(reading.ListRuns(), merged.ListRuns());
        Assert.Equal(reading.GetAnswers("a"), merged.GetAnswers("a"));
        Assert.Equal(odd, merged.GetAnswers("a")[1]);
        var again = await new StoreMerge(reading, merged).RunAsync(Cancellation);
        Assert.Equal((0, 0, 0), (again.RunsAdded, again.RunsExtended, again.Conversations));
    }
}
