using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    /// <summary>
    /// Writes a copy of the store as it is at this moment, also while another process writes to it: one file that holds all.
    /// </summary>
    /// <param name="file">The copy; must not exist.</param>
    /// <exception cref="StoreException">The copy exists already, or cannot be written.</exception>
    public void BackUpTo(string file)
    {
        file = System.IO.Path.GetFullPath(file);
        if (File.Exists(file)) throw new StoreException(StoreProblem.Other, $"{file} exists already. Name another file, or move it away.");
        var folder = System.IO.Path.GetDirectoryName(file)!;
        // Appears under its name only when it is whole.
        var unfinished = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(file)}.{System.IO.Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(folder);
            using (var source = _reader.Open())
            using (var target = Connect(new SqliteConnectionStringBuilder { DataSource = unfinished, Pooling = false }.ToString()))
            {
                source.BackupDatabase(target);
                Execute(target, "PRAGMA journal_mode = DELETE"); // no log beside it: readable from any folder as it is
            }

            File.Move(unfinished, file, overwrite: false);
        }
        catch (Exception error)
        {
            File.Delete(unfinished);
            throw StoreErrors.Explain(error, file);
        }
    }
}
