using System.Text;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// Refuses a file that is mounted without its folder, as by <c>mount --bind a.db b.db</c> or <c>docker -v a.db:/b.db</c>: the mount is
/// another name of it, and SQLite keeps what was written last beside the name that it is opened by.
/// </summary>
internal static class SingleFileMounts
{
    // The kernel's own list; the attribute of a file that tells the same is not known to kernels before 5.8, which clusters still run.
    private const string List = "/proc/self/mountinfo";

    /// <param name="path">The file, with all links resolved.</param>
    /// <exception cref="StoreException">It is a mount.</exception>
    public static void Refuse(string path)
    {
        if (!IsOne(path)) return;
        throw new StoreException(
            StoreProblem.Other,
            $"{path} is mounted as a single file: what is written last goes into a file beside it, which is not in the mount and would be "
            + "lost. Mount the folder that the store lies in.");
    }

    /// <summary>True when one of the mounts is the file's.</summary>
    /// <param name="list">Lines as <c>36 35 98:0 /a.db /srv/b.db rw,noatime master:1 - ext4 /dev/sda1 rw</c>.</param>
    /// <param name="path">The file.</param>
    internal static bool IsAmong(IEnumerable<string> list, string path)
    {
        var escaped = Escape(path);
        return list.Any(line => line.Split(' ', 6) is [_, _, _, _, var point, ..] && point == escaped);
    }

    private static bool IsOne(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && IsAmong(File.ReadLines(List, Encoding.Latin1), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // no /proc here
        }
    }

    // Names are bytes there, and what would end a field is an octal number.
    private static string Escape(string path) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(path))
        .Replace("\\", @"\134", StringComparison.Ordinal).Replace(" ", @"\040", StringComparison.Ordinal)
        .Replace("\t", @"\011", StringComparison.Ordinal).Replace("\n", @"\012", StringComparison.Ordinal);
}
