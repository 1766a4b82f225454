using System.Runtime.InteropServices;
using LiveClin.Core.Releases;
using Microsoft.Win32.SafeHandles;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// The lock of a store's one writer, on the file itself: a symbolic link, a hard link or a bind mount leads to the same lock. The operating
/// system releases it however the process ends.
/// </summary>
/// <remarks>
/// On Linux a lock of the open file description (<c>F_OFD_SETLK</c>) on one byte far beyond SQLite's own: it belongs to this handle alone,
/// where a lock of the process would end as soon as anybody in it closed the file. Elsewhere a file beside the store's real path is locked.
/// </remarks>
internal sealed class SqliteLock : IDisposable
{
    // SQLite locks bytes from 1 GiB on, and no database is as long as this.
    private const long Place = 0x7000_0000_0000_0000;

    // <fcntl.h>
    private const int SetLockOfOpenFile = 37, Again = 11, Access = 13;
    private const short WriteLock = 1, Unlock = 2;
    private readonly FileStream _file;
    private readonly string _path;

    private SqliteLock(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>Takes the lock of a store that exists.</summary>
    /// <exception cref="StoreException">Another process has it.</exception>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static SqliteLock Take(string path)
    {
        if (!OperatingSystem.IsLinux()) return TakeBeside(path);
        // Others may open the file as they like: whether they may write is for this lock, and for SQLite, to say.
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
        if (TrySet(file, WriteLock)) return new SqliteLock(file, path);
        var error = Marshal.GetLastPInvokeError();
        // Closing any handle of a file ends all locks of the process on it, SQLite's among them: one who has the store open keeps this
        // one, too.
        if (StoreHolder.Find(path) is not { IsMe: true }) file.Dispose();
        throw error is Again or Access
            ? SqliteErrors.LockedBy(path)
            : new IOException($"the file cannot be locked here ({Marshal.GetPInvokeErrorMessage(error)}); put the store on a local disk");
    }

    /// <summary>Releases the lock; to be called when SQLite has closed the file.</summary>
    public void Dispose()
    {
        StoreHolder.Leave(_path);
        // A program that is being started just now has a copy of the handle until it runs, and would keep the lock that closing leaves.
        if (OperatingSystem.IsLinux() && !_file.SafeFileHandle.IsClosed) TrySet(_file, Unlock);
        _file.Dispose();
    }

    private static bool TrySet(FileStream file, short type)
    {
        var wanted = new FileLock { Type = type, Start = Place, Length = 1 };
        return Control(file.SafeFileHandle, SetLockOfOpenFile, ref wanted) == 0;
    }

    private static SqliteLock TakeBeside(string path)
    {
        var beside = (RealPath.Of(path) ?? path) + ".lock";
        try
        {
            return new SqliteLock(new FileStream(beside, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1), path);
        }
        catch (IOException error) when (File.Exists(beside))
        {
            throw SqliteErrors.LockedBy(path, error);
        }
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, int command, ref FileLock argument);

    // struct flock of 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type, Whence;
        public long Start, Length;
        public int ProcessId;
    }
}
