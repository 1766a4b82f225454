using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LiveClin.Core.Releases;

/// <summary>
/// Opens files whose names come from outside. Opening a pipe waits for somebody to write into it, for good; a device may do anything.
/// What was opened is looked at, and not its name again: another file may have it by then.
/// </summary>
public static partial class RegularFile
{
    private const int ReadOnly = 0, Interrupted = 4;

    // <linux/stat.h>, the same on every processor: what is asked for, and where struct statx holds a file's kind.
    private const int FromHere = -100, OfDescriptor = 0x1000;
    private const uint Kind = 1;
    private const int StatusBytes = 256, ModeAt = 28, KindMask = 0xF000, Regular = 0x8000;
    private static readonly int NonBlockingCloseOnExec = OperatingSystem.IsLinux() ? 0x800 | 0x80000 : 0x4 | 0x1000000;

    /// <summary>Opens a file for reading; never waits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="below">
    /// The real path of the folder below which what was opened must lie, whatever links were changed meanwhile; null for anywhere.
    /// </param>
    /// <exception cref="IOException">It cannot be opened, is no regular file, or lies elsewhere.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle OpenHandle(string path, string? below = null)
    {
        var handle = OpenAny(path);
        // Linux says where what was opened lies; where nothing says so, the path was checked before.
        if (below is null || new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget is not { } real) return handle;
        if (real.StartsWith(Path.TrimEndingDirectorySeparator(below) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || below == "/") return handle;
        handle.Dispose();
        throw new IOException($"{path} leads out of {below} by now.");
    }

    private static SafeFileHandle OpenAny(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // Says what is missing in .NET's own words, and knows Windows, where a name cannot be a pipe of this kind.
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return File.OpenHandle(path);
        var descriptor = Open(path, ReadOnly | NonBlockingCloseOnExec);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted) descriptor = Open(path, ReadOnly | NonBlockingCloseOnExec);
        if (descriptor < 0) return File.OpenHandle(path);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (HasLength(handle) && IsRegular(descriptor, "", OfDescriptor) != false && !IsMadeUp(handle)) return handle;
        handle.Dispose();
        throw Refusal(path);
    }

    private static IOException Refusal(string path) => new($"{path} is no regular file.");

    // Null where the system is asked in another way.
    private static bool? IsRegular(int folder, string path, int flags)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var status = new byte[StatusBytes];
        return Statx(folder, path, flags, Kind, status) == 0 ? (BitConverter.ToUInt16(status, ModeAt) & KindMask) == Regular : null;
    }

    // What the kernel makes up as it is read has no length, and may have no end.
    private static bool IsMadeUp(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle) == 0 && RandomAccess.Read(handle, stackalloc byte[1], 0) > 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // A pipe, a socket or a terminal has none.
    private static bool HasLength(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle) >= 0;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Refuses what is there and no regular file, for those who open files by their name only; a folder is theirs to refuse.
    /// </summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket.</exception>
    public static void Require(string path)
    {
        if (File.Exists(path) && IsRegular(FromHere, path, 0) == false) throw Refusal(path);
    }

    /// <summary>Opens a file as a stream without a buffer of its own.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path, string? below = null) => new(OpenHandle(path, below), FileAccess.Read, bufferSize: 0);

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, string? below = null)
    {
        using var file = OpenRead(path, below);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A file as text in UTF-8.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static StreamReader OpenText(string path) => new(OpenRead(path));

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] status);

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
