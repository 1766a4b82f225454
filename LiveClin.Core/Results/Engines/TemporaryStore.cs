using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>A temporary copy of a store that cannot be read where it lies; gone when it is disposed.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("liveclin-store-");

    private TemporaryStore()
    {
    }

    /// <summary>The copy.</summary>
    public string File => Path.Combine(_folder.FullName, "store.db");

    /// <summary>A copy of an older store, brought to the version that this program reads.</summary>
    public static TemporaryStore Migrated(SqliteConnection store) => Fill(new TemporaryStore(), copy =>
    {
        using var target = SqliteEngine.Connect(WritableTo(copy.File));
        store.BackupDatabase(target);
        SqliteSchema.Migrate(target, copy.File);
    });

    /// <summary>A copy of a store's file and its write-ahead log, of which SQLite makes a whole one.</summary>
    public static TemporaryStore OfFiles(string store, string log) => Fill(new TemporaryStore(), copy =>
    {
        System.IO.File.Copy(store, copy.File);
        System.IO.File.Copy(log, copy.File + "-wal");
        foreach (var file in (string[])[copy.File, copy.File + "-wal"])
            System.IO.File.SetAttributes(file, System.IO.File.GetAttributes(file) & ~FileAttributes.ReadOnly);
        using var target = SqliteEngine.Connect(WritableTo(copy.File));
        using var command = target.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    });

    public void Dispose() => _folder.Delete(recursive: true);

    private static TemporaryStore Fill(TemporaryStore copy, Action<TemporaryStore> fill)
    {
        try
        {
            fill(copy);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static string WritableTo(string file) => new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
}
