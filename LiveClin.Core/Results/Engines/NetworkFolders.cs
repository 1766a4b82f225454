namespace LiveClin.Core.Results.Engines;

/// <summary>
/// Folders on other machines. SQLite's write-ahead log lives in memory that its readers share, and its locks must reach everybody: neither
/// holds between machines.
/// </summary>
internal static class NetworkFolders
{
    // Names as the kernel gives them in its list of mounts: version 4 of NFS has one of its own.
    private static readonly string[] Network =
        ["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "coda", "ncp", "ncpfs", "lustre", "gpfs", "ceph", "beegfs", "fhgfs",
            "pvfs2", "ocfs2", "gfs", "gfs2", "kafs", "webdav", "wekafs", "panfs"];

    // FUSE may be anything, and 9p and the others are folders that a virtual machine's host shares.
    private static readonly string[] Unclear =
        ["fuse", "fuseblk", "fusectl", "v9fs", "9p", "virtiofs", "vboxsf", "vmhgfs", "prl_fs"];

    /// <summary>Refuses a store that is to be written to on another machine's disk.</summary>
    /// <exception cref="StoreException">It would be.</exception>
    public static void Refuse(string path)
    {
        if (FormatOf(path) is { } format && IsNetwork(format))
            throw new StoreException(
                StoreProblem.Other,
                $"{path} lies on a network file system ({format}), where SQLite's locks and shared memory do not hold: two writers could damage it. " +
                "Put it on a local disk with --store and merge the results later, or use PostgreSQL (--store postgresql://user@host/database).");
    }

    /// <summary>What to say of a store of which it cannot be told where it lies; null when nothing.</summary>
    public static string? FindDoubt(string path) => FormatOf(path) is { } format && IsUnclear(format)
        ? $"{path} lies on a file system ({format}) that may be another machine's. If it is, let no other machine write to this store, or use PostgreSQL."
        : null;

    internal static bool IsNetwork(string format) => Network.Contains(format, StringComparer.OrdinalIgnoreCase);

    // Sample: fuse.sshfs
    internal static bool IsUnclear(string format) => Unclear.Contains(format.Split('.')[0], StringComparer.OrdinalIgnoreCase);

    private static string? FormatOf(string path)
    {
        try
        {
            // On Unix .NET asks the file system of whatever path it is given.
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : Existing(path)).DriveFormat;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Existing(string path) => Path.Exists(path) ? path : Path.GetDirectoryName(path)!;
}
