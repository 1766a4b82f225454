using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Npgsql;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Results;

/// <summary>What claims need of the session that holds them, whatever a role, a database or a pooler makes of sessions.</summary>
public sealed class PostgresSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_waits_for_a_model_is_not_ended_by_the_databases_limits()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r", status: RunStatus.Running), []));
        await SetAsync(place.Place, "idle_session_timeout", "'2s'");
        await using var first = place.Open();
        Assert.NotNull(await first.TryClaimAsync("r", 1, 0, Cancellation));
        await using var second = place.Open();

        // One of anybody's that has been idle for less time is ended.
        await using var idle = new NpgsqlConnection(place.Place + ";Pooling=false");
        await idle.OpenAsync(Cancellation);
        while (await IsThereAsync(place.Place, idle.ProcessID)) await Task.Delay(10, Cancellation);
        Assert.Null(await second.TryClaimAsync("r", 1, 0, Cancellation));
    }

    [Fact]
    public async Task A_look_that_takes_long_is_not_ended_by_the_databases_limits()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r"), []));
        await SetAsync(place.Place, "statement_timeout", "'2s'");
        await using var store = place.OpenReadOnly();
        await using var connection = new NpgsqlConnection(place.Place + ";Pooling=false;Options=-c statement_timeout=0");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var locking = new NpgsqlCommand("LOCK TABLE runs", connection);
        await locking.ExecuteNonQueryAsync(Cancellation);
        var look = Task.Run(store.ListRuns, Cancellation);
        while (await TestDatabases.CountWaitingAsync(connection) == 0) await Task.Delay(10, Cancellation);

        // One of anybody's that began later is ended.
        await using var other = new NpgsqlConnection(place.Place + ";Pooling=false");
        await other.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM runs", other);
        var ended = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.QueryCanceled, ended.SqlState);
        Assert.False(look.IsCompleted);
        await transaction.CommitAsync(Cancellation);
        Assert.Single(await look);
    }

    [Theory]
    [InlineData("Minimum Pool Size=50", true)]
    [InlineData("Multiplexing=true", true)]
    [InlineData("Connection Idle Lifetime=1;Connection Pruning Interval=5", false)]
    public async Task Words_about_pools_hold_nobody_up_or_are_named(string words, bool fit)
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r"), []));
        if (fit)
        {
            await using var store = ResultStore.Open($"{place.Place};{words}");
            Assert.Single(store.ListRuns());
            return;
        }

        var error = Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly($"{place.Place};{words}"));
        Assert.Contains("PruningInterval", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_that_begin_a_run_at_once_one_does_whatever_the_databases_isolation_is()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("other", model: "other"), []));
        await SetAsync(place.Place, "default_transaction_isolation", "'repeatable read'");
        await using var first = place.Open();
        await using var second = place.Open();
        await using var connection = new NpgsqlConnection(place.Place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        var (run, isNew) = (Run("r"), true);
        Task? later = null;
        await first.WriteAsync(write =>
        {
            Assert.True(write.IsNew(run.Specification.Identity));
            later ??= second.WriteAsync(other => isNew = other.IsNew(run.Specification.Identity));
            // Until it waits for this one's lock. One that does not wait is found by what it says.
            while (!later.IsCompleted && TestDatabases.CountWaitingAsync(connection).GetAwaiter().GetResult() == 0) Thread.Sleep(10);
            write.AddRun(run);
        });
        await later!;
        Assert.False(isNew);
    }

    [Fact]
    public async Task A_pooler_that_hands_sessions_on_is_refused_and_one_that_keeps_them_is_not()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await CreateStoreAsync(place.Place, (Run("r", status: RunStatus.Running), []));
        await using (var byTransaction = new TestPooler(place.Place, byTransaction: true))
        {
            var refused = Assert.Throws<StoreException>(() => ResultStore.Open(byTransaction.ConnectionString));
            Assert.Equal(StoreProblem.Refused, refused.Problem);
            Assert.Contains("pooler", refused.Message, StringComparison.Ordinal);
        }

        await using var bySession = new TestPooler(place.Place, byTransaction: false);
        await using var store = ResultStore.Open(bySession.ConnectionString);
        await store.EnterRunAsync("r", Cancellation);
        Assert.NotNull(await store.TryClaimAsync("r", 1, 0, Cancellation));
        Assert.Equal(0, await store.CountOthersAsync("r", Cancellation));
    }

    [Fact]
    public async Task A_pooler_that_lets_no_options_pass_is_told_from_a_server_that_is_away()
    {
        using var pooler = new TcpListener(IPAddress.Loopback, 0);
        pooler.Start();
        var refusing = Task.Run(() => RefuseAsync(pooler), Cancellation);
        var port = ((IPEndPoint)pooler.LocalEndpoint).Port;
        var refused = Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly(
            $"Host=127.0.0.1;Port={port};Database=d;Username=u;SSL Mode=Disable"));
        Assert.True(refused.Message.Contains("ignore_startup_parameters", StringComparison.Ordinal), refused.Message);
        Assert.Equal((StoreProblem.Refused, false), (refused.Problem, refused.MayPass));
        pooler.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => refusing);
    }

    // As PgBouncer does, each who comes.
    private static async Task RefuseAsync(TcpListener pooler)
    {
        while (true)
        {
            using var client = await pooler.AcceptTcpClientAsync(Cancellation);
            await RefuseAsync(client);
        }
    }

    private static async Task RefuseAsync(TcpClient client)
    {
        var length = new byte[4];
        var stream = client.GetStream();
        while (true)
        {
            await stream.ReadExactlyAsync(length, Cancellation);
            var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - length.Length];
            await stream.ReadExactlyAsync(rest, Cancellation);
            if (rest.Length > length.Length) break;
            await stream.WriteAsync("N"u8.ToArray(), Cancellation); // no encryption
        }

        var error = Encoding.ASCII.GetBytes("SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0");
        BinaryPrimitives.WriteInt32BigEndian(length, error.Length + length.Length);
        await stream.WriteAsync((byte[])[(byte)'E', .. length, .. error], Cancellation);
    }

    private static async Task<bool> IsThereAsync(string place, int session)
    {
        // The limit is not for whoever looks: on a machine that has much to do, it may be idle for longer.
        await using var connection = new NpgsqlConnection(place + ";Pooling=false;Options=-c idle_session_timeout=0");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM pg_stat_activity WHERE pid = {session}", connection);
        return await command.ExecuteScalarAsync(Cancellation) is 1L;
    }

    private static async Task SetAsync(string place, string name, string value)
    {
        await using var connection = new NpgsqlConnection(place + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"ALTER DATABASE {connection.Database} SET {name} = {value}", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
