using System.Data.Common;
using LiveClin.Core.Results;
using LiveClin.Testing.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LiveClin.Testing;

/// <summary>The kinds of store that the same tests run on.</summary>
public enum StoreKind
{
    /// <summary>A file.</summary>
    Sqlite = 0,

    /// <summary>A database.</summary>
    Postgres = 1,
}

/// <summary>A place for a store, empty at first; gone when it is disposed.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TestStore(string? database) => Place = database ?? _folder["results.db"];

    /// <summary>What opens it: a file, or a connection string.</summary>
    public string Place { get; }

    /// <summary>The same as an argument: a database's address without its password, which the environment has.</summary>
    public string Argument => StoreLocation.Parse(Place).Name;

    /// <summary>A new place of a kind. Without a server for it the test is skipped.</summary>
    public static async Task<TestStore> CreateAsync(StoreKind kind) =>
        new(kind == StoreKind.Postgres ? await TestDatabases.CreateAsync() : null);

    /// <summary>Opens the store for writing.</summary>
    public ResultStore Open() => ResultStore.Open(Place);

    /// <summary>Opens the store for reading.</summary>
    public ResultStore OpenReadOnly() => ResultStore.OpenReadOnly(Place);

    /// <summary>Does to the store what this program would not.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using DbConnection connection = StoreLocation.Parse(Place).IsDatabase
            ? new NpgsqlConnection(Place + ";Pooling=false")
            : new SqliteConnection($"Data Source={Place};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (StoreLocation.Parse(Place).IsDatabase) await TestDatabases.DropAsync(Place);
        _folder.Dispose();
    }
}
