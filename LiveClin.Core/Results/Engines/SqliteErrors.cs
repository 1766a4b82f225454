using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results.Engines;

/// <summary>Says SQLite's and the file system's errors in words that tell what to do.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5, Locked = 6, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26, ReadOnly = 8, Io = 10;

    public static StoreException Explain(Exception error, string path) => error switch
    {
        StoreException known => known,
        SqliteException sqlite => sqlite.SqliteErrorCode switch
        {
            Busy or Locked => LockedBy(path, error),
            Full => new StoreException(StoreProblem.Full,
                $"The disk is full: {path} could not be written. What was stored before stays readable; make room; the same command then goes on.", error),
            Corrupt => new StoreException(StoreProblem.Damaged,
                $"{path} is damaged ({sqlite.Message}). Restore a copy, or try 'sqlite3 {Path.GetFileName(path)} .recover'.", error),
            NotADatabase => new StoreException(StoreProblem.NotAStore, $"{path} is not a LiveClin store. Name another file with --store.",
                error),
            CannotOpen => new StoreException(StoreProblem.Other, $"{path} cannot be opened: is the folder there and writable?", error),
            ReadOnly => new StoreException(StoreProblem.Other,
                $"{path} is read-only. Change its permissions or name another file with --store.", error),
            Io => new StoreException(StoreProblem.Other,
                $"{path}: reading or writing failed ({sqlite.Message}). Is the disk full or the drive gone?", error),
            _ => new StoreException(StoreProblem.Other, $"{path}: {sqlite.Message}", error),
        },
        IOException or UnauthorizedAccessException =>
            new StoreException(StoreProblem.Other, $"{path} cannot be used: {error.Message}", error),
        _ => new StoreException(StoreProblem.Other, $"{path}: {error.Message}", error),
    };

    /// <summary>True when the disk is full or broken: no other write of the group can succeed, either.</summary>
    public static bool IsOfAll(Exception error) => error is SqliteException { SqliteErrorCode: Full or Io };

    public static StoreException LockedBy(string path, Exception? error = null)
    {
        var holder = StoreHolder.Find(path);
        var who = holder is null ? "" : $" ({holder.Describe()})";
        var stop = holder is null ? "" : $" or stop it ('kill {holder.ProcessId}' on {holder.HostName}; what it has stored stays)";
        return new StoreException(
            StoreProblem.Locked, $"{path} is locked by another process{who}. Wait for it to end{stop}, or name another file with --store.",
            error);
    }
}
