using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>Copies an SQLite store as it is at one moment.</summary>
internal static class SqliteBackup
{
    /// <summary>Writes a copy, also while another process writes to the store: one file that holds all.</summary>
    /// <param name="open">Opens the store for reading.</param>
    /// <param name="file">The copy; must not exist.</param>
    /// <exception cref="StoreException">The copy exists already, or cannot be written.</exception>
    public static void Write(Func<SqliteConnection> open, string file)
    {
        file = Path.GetFullPath(file);
        if (File.Exists(file)) throw new StoreException(StoreProblem.Other, $"{file} exists already. Name another file, or move it away.");
        var folder = Path.GetDirectoryName(file)!;
        // Appears under its name only when it is whole.
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(file)}.{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(folder);
            SqliteEngine.CreatePrivate(unfinished);
            using (var source = open())
            using (var target = SqliteEngine.Connect(
                new SqliteConnectionStringBuilder { DataSource = unfinished, Pooling = false }.ToString()))
            {
                source.BackupDatabase(target);
                SqliteEngine.Execute(target, "PRAGMA journal_mode = DELETE"); // no log beside it: readable from any folder as it is
            }

            File.Move(unfinished, file, overwrite: false);
        }
        catch (Exception error)
        {
            File.Delete(unfinished);
            throw SqliteErrors.Explain(error, file);
        }
    }
}
