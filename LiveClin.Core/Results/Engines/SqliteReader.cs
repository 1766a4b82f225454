using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// Opens a store for reading wherever it lies. SQLite's write-ahead log needs two files beside the database; in a folder that cannot be
/// written to, a store without them is read as it is, and one with a log but without its index from a copy.
/// </summary>
internal sealed class SqliteReader(string path) : IDisposable
{
    private const int Timeout = 5, ReadOnly = 8, CannotOpen = 14;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private volatile bool _asItIs;
    private TemporaryStore? _copy;

    private string Log => path + "-wal";

    private bool HasLog => new FileInfo(Log) is { Exists: true, Length: > 0 };

    /// <summary>A connection that can read.</summary>
    public SqliteConnection Open()
    {
        if (_copy is { } copy) return SqliteEngine.Connect(ReadOnlyTo(copy.File));
        // Somebody else may write into a folder that we cannot write to: then the log is there, and is heeded.
        if (_asItIs && !HasLog) return SqliteEngine.Connect(AsItIs);
        try
        {
            return Probed(ReadOnlyTo(path));
        }
        catch (SqliteException error) when (error.SqliteErrorCode is ReadOnly or CannotOpen)
        {
            if (HasLog) return SqliteEngine.Connect(ReadOnlyTo(Copy().File));
            var connection = Probed(AsItIs);
            _asItIs = true;
            return connection;
        }
    }

    /// <summary>
    /// A text that is another one after each change of the files; null while they may change within the clock's resolution.
    /// </summary>
    public string? FindVersion()
    {
        var version = "";
        foreach (var file in (FileInfo[])[new(path), new(Log)])
        {
            if (!file.Exists) continue;
            if (DateTime.UtcNow - file.LastWriteTimeUtc < Settled) return null;
            version += string.Create(CultureInfo.InvariantCulture, $"{file.Length}/{file.LastWriteTimeUtc.Ticks} ");
        }

        return version;
    }

    public void Dispose() => _copy?.Dispose();

    private TemporaryStore Copy()
    {
        lock (_lock) return _copy ??= TemporaryStore.OfFiles(path, Log);
    }

    private static SqliteConnection Probed(string connectionString)
    {
        var connection = SqliteEngine.Connect(connectionString);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA schema_version"; // opening alone touches no file
            command.ExecuteScalar();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // "immutable": SQLite takes no locks and looks for no log.
    private string AsItIs => new SqliteConnectionStringBuilder
    {
        DataSource = new Uri(path).AbsoluteUri + "?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = Timeout,
    }.ToString();

    private static string ReadOnlyTo(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
            DefaultTimeout = Timeout }.ToString();
}
