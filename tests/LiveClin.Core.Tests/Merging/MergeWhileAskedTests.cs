using LiveClin.Core.Answers;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.Testing;
using Npgsql;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Merging;

/// <summary>A merge into a database in which an evaluator goes on with the same run.</summary>
public sealed class MergeWhileAskedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_that_grows_meanwhile_is_not_mixed_with_another_one()
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(source.Place, (Run("r"), [.. Asked(0, 3, "theirs"), .. Asked(1, 2, "theirs")]));
        await CreateStoreAsync(target.Place, (Run("r", status: RunStatus.Running), []));
        await using var evaluator = target.Open();
        var claim = (await evaluator.TryClaimAsync("r", 1, 0, Cancellation))!;

        // The merge has read what is there, and cannot write yet.
        await using var connection = new NpgsqlConnection(target.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "SELECT 1 FROM runs FOR NO KEY UPDATE");
        await using var reading = source.OpenReadOnly();
        await using var writing = target.Open();
        var merging = Task.Run(() => new StoreMerge(reading, writing).RunAsync(Cancellation), Cancellation);
        while (await ExecuteAsync(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted") is 0L)
            await Task.Delay(10, Cancellation);
        var own = Asked(0, 1, "own")[0];
        await evaluator.WriteClaimedAsync(write => write.PutAnswer("r", own), claim, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var merged = await merging;
        Assert.Equal((1, 1), (merged.RunsExtended, merged.Conversations));
        Assert.Equal(new MergeConflict(Run("r").Specification.Model, "r", "r", 1, 0, 0), Assert.Single(merged.Conflicts));
        Assert.Equal(["own", "theirs", "theirs"], evaluator.GetAnswers("r").Select(answer => answer.Reply));
        await evaluator.WriteClaimedAsync(write => write.PutAnswer("r", Asked(0, 2, "own")[1]), claim, Cancellation);
    }

    [Fact]
    public async Task Stores_that_are_merged_at_once_become_one_run()
    {
        await using var target = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(target.Place, (Run("other", model: "other"), []));
        var sources = new List<TestStore>();
        foreach (var (id, ordinal) in ((string, int)[])[("r", 0), ("r", 0), ("s", 1)])
        {
            sources.Add(await TestStore.CreateAsync(StoreKind.Sqlite));
            await CreateStoreAsync(sources[^1].Place, (Run(id), [.. Asked(ordinal, 2, "reply")]));
        }

        // Each has looked, and found no such run, when the first one writes.
        await using var connection = new NpgsqlConnection(target.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "LOCK TABLE runs IN SHARE MODE");
        var merging = sources.Select(source => Task.Run(async () =>
        {
            await using var reading = source.OpenReadOnly();
            await using var writing = target.Open();
            return await new StoreMerge(reading, writing).RunAsync(Cancellation);
        }, Cancellation)).ToList();
        while (await ExecuteAsync(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted") is not 3L)
            await Task.Delay(10, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var merged = await Task.WhenAll(merging);
        Assert.Equal(1, merged.Sum(@case => @case.RunsAdded));
        await using var store = target.OpenReadOnly();
        Assert.Equal(4, store.GetAnswers(Assert.Single(store.ListRuns(), run => run.Id != "other").Id).Count);
        foreach (var source in sources) await source.DisposeAsync();
    }

    [Fact]
    public async Task The_same_replies_at_other_times_are_nothing_to_take_over()
    {
        await using var source = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var target = await TestStore.CreateAsync(StoreKind.Sqlite);
        var later = Asked(0, 3, "same").Select(answer => answer with { CompletedAt = answer.CompletedAt.AddHours(1) });
        await CreateStoreAsync(source.Place, (Run("r"), [.. later]));
        await CreateStoreAsync(target.Place, (Run("r"), [.. Asked(0, 3, "same")]));
        await using var reading = source.OpenReadOnly();
        await using var writing = target.Open();
        var merged = await new StoreMerge(reading, writing).RunAsync(Cancellation);
        Assert.Equal((0, 0, 0), (merged.RunsExtended, merged.Conversations, merged.Conflicts.Count));
    }

    // A reply's time tells it from others.
    private static Answer[] Asked(int ordinal, int questions, string reply) =>
        [.. Enumerable.Range(0, questions).Select(question => Answer(ordinal, question, Outcome.Wrong, reply))
            .Select(answer => answer with { CompletedAt = answer.CompletedAt.AddSeconds(reply.Length) })];

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
