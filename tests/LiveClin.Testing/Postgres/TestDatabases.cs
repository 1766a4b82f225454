using System.Net;
using LiveClin.Core.Results;
using Npgsql;
using Xunit;

namespace LiveClin.Testing.Postgres;

/// <summary>
/// Databases for tests: on the server that LIVECLIN_TEST_POSTGRES names (an address of a role that may create databases, in any form that
/// stores take), or on one that is started from Debian's programs and that all tests of this process share.
/// </summary>
public static class TestDatabases
{
    private const string Variable = "LIVECLIN_TEST_POSTGRES";
    private static readonly Lazy<Task<PostgresServer>> Own = new(StartAsync);

    /// <summary>Makes an empty database. Without a server the test is skipped, and says why; in CI it fails.</summary>
    /// <returns>Its connection string, which holds a password.</returns>
    public static async Task<string> CreateAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            var address = StoreLocation.Parse(given).Database
                ?? throw new InvalidOperationException($"{Variable} names no server: it is postgresql://… or Host=…;Database=….");
            return await CreateAsync(address.Settings().ConnectionString);
        }

        RequirePrograms();
        return await (await Own.Value).CreateDatabaseAsync();
    }

    /// <summary>Starts a server for one test, which may stop it; skipped or failed like the others without Debian's programs.</summary>
    /// <param name="address">A further address of this machine at which it listens; null for loopback alone.</param>
    public static Task<PostgresServer> StartServerAsync(IPAddress? address = null) =>
        PostgresServer.StartAsync(RequirePrograms(), address: address);

    internal static async Task<string> CreateAsync(string server)
    {
        var name = "liveclin_test_" + Guid.NewGuid().ToString("N");
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        // For addresses without a password, as commands take them.
        var settings = new NpgsqlConnectionStringBuilder(server) { Database = name };
        if (settings.Password is { Length: > 0 } password) Environment.SetEnvironmentVariable("PGPASSWORD", password);
        return settings.ConnectionString;
    }

    /// <summary>How many locks are waited for in a connection's database; tests beside have others on the same server.</summary>
    /// <param name="connection">An open connection.</param>
    public static async Task<long> CountWaitingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()",
            connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Drops a database of <see cref="CreateAsync()"/>, whoever is connected to it.</summary>
    public static async Task DropAsync(string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        await using var connection =
            new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {settings.Database} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string RequirePrograms()
    {
        if (PostgresServer.FindPrograms() is { } programs) return programs;
        const string Message =
            $"There is no PostgreSQL: install Debian's package postgresql (with create_main_cluster = false in /etc/postgresql-common/createcluster.conf), or name a server with {Variable}.";
        Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), Message);
        throw new InvalidOperationException(Message);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartAsync(RequirePrograms());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    }
}
