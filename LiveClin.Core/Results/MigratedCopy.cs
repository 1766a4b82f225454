using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

/// <summary>A temporary copy of an older store, brought to the version that this program reads; gone when it is disposed.</summary>
internal sealed class MigratedCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("liveclin-store-");

    private MigratedCopy()
    {
    }

    /// <summary>The copy.</summary>
    public string File => Path.Combine(_folder.FullName, "store.db");

    public static MigratedCopy Of(SqliteConnection store)
    {
        var copy = new MigratedCopy();
        try
        {
            using var target = ResultStore.Connect(new SqliteConnectionStringBuilder { DataSource = copy.File, Pooling = false }.ToString());
            store.BackupDatabase(target);
            StoreSchema.Migrate(target, copy.File);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
