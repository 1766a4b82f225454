using System.Runtime.InteropServices;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// Refuses files with several names that no link leads between. SQLite finds what was written last in a file beside the name that it is
/// opened by: under another name that is not seen, and lost as soon as something is written.
/// </summary>
internal static class HardLinks
{
    // <fcntl.h>, <sys/stat.h>: struct statx is the same on every architecture, 256 bytes, at byte 16 the number of names.
    private const int ThisFolder = -100, NumberOfNames = 4, Size = 256, NamesAt = 16;

    /// <exception cref="StoreException">The file has another name.</exception>
    public static void Refuse(string path)
    {
        var names = CountNames(path);
        if (names < 2) return;
        throw new StoreException(
            StoreProblem.Other,
            $"{path} is one of {names} names (hard links) of the same file, and what was written last is found under one of them only. "
            + "Keep the one that has a file ending in -wal beside it, if any has, and remove the others "
            + $"(find . -samefile {Path.GetFileName(path)} shows them).");
    }

    private static uint CountNames(string path)
    {
        var found = new byte[Size];
        try
        {
            return OperatingSystem.IsLinux() && Statx(ThisFolder, path, 0, NumberOfNames, found) == 0
                ? BitConverter.ToUInt32(found, NamesAt) : 1;
        }
        catch (EntryPointNotFoundException)
        {
            return 1; // a C library without the call
        }
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, string path, int flags, uint wanted, byte[] found);
}
