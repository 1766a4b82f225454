using System.IO.Compression;
using LiveClin.Core.Text;

namespace LiveClin.Core.Releases;

/// <summary>A file of an image archive and the relative path at which it is unpacked.</summary>
internal sealed record ImageArchiveEntry(ZipArchiveEntry Entry, string Path)
{
    private const int TypeMask = 0xF000, RegularFile = 0x8000, Folder = 0x4000; // st_mode, in the upper half of the external attributes

    /// <summary>The files to unpack, or an exception that names the first entry that is refused.</summary>
    public static IReadOnlyList<ImageArchiveEntry> Check(ZipArchive zip, string archive, ImageArchiveLimits limits)
    {
        var files = new List<ImageArchiveEntry>();
        foreach (var entry in zip.Entries)
        {
            if (Reason(entry) is { } reason) throw Refuse(archive, $"entry '{entry.FullName}' {reason}");
            var isFolder = entry.FullName.EndsWith('/');
            if (!isFolder && !IsLitter(entry.FullName)) files.Add(new ImageArchiveEntry(entry, string.Join('/', Parts(entry.FullName))));
        }

        if (files.Count == 0) throw Refuse(archive, "holds no files");
        CheckSizes(files, archive, limits);
        files = WithoutTopFolder(files);
        CheckCollisions(files, archive);
        return files;
    }

    private static string? Reason(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        if (name.Length == 0 || name.Contains('\0')) return "has no proper name";
        if (name.Contains('\\')) return "has a Windows path";
        if (name.StartsWith('/') || (name.Length > 1 && name[1] == ':')) return "has an absolute path";
        if (Parts(name).Any(p => p is "..")) return "leaves the folder";
        var type = (entry.ExternalAttributes >> 16) & TypeMask;
        if (type is not (0 or RegularFile or Folder)) return "is a link or a special file";
        if (entry.IsEncrypted) return "is encrypted";
        return null;
    }

    private static void CheckSizes(List<ImageArchiveEntry> files, string archive, ImageArchiveLimits limits)
    {
        var (total, packed) = (0L, 0L);
        foreach (var (entry, _) in files)
        {
            if (entry.Length > limits.FileBytes)
                throw Refuse(archive, $"entry '{entry.FullName}' would have {entry.Length} bytes, more than {limits.FileBytes}");
            total += entry.Length;
            packed += entry.CompressedLength;
        }

        if (total > limits.TotalBytes) throw Refuse(archive, $"would unpack to {total} bytes, more than {limits.TotalBytes}");
        const int Harmless = 16 * 1024 * 1024;
        if (total > Harmless && total / Math.Max(packed, 1) > limits.Ratio)
            throw Refuse(archive, $"would unpack to {total} bytes, more than {limits.Ratio} times its size; that is no archive of images");
    }

    // Archives are made of the folder or of what is in it; both give the same files.
    private static List<ImageArchiveEntry> WithoutTopFolder(List<ImageArchiveEntry> files)
    {
        foreach (var top in new[] { "images/", "image/" })
            if (files.All(f => f.Path.StartsWith(top, StringComparison.Ordinal)))
                return [.. files.Select(f => f with { Path = f.Path[top.Length..] })];
        return files;
    }

    private static void CheckCollisions(List<ImageArchiveEntry> files, string archive)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (entry, path) in files)
        {
            if (!seen.Add(path)) throw Refuse(archive, $"entry '{entry.FullName}' is there twice, or differs from another only in case");
            for (var cut = path.LastIndexOf('/'); cut > 0; cut = path.LastIndexOf('/', cut - 1)) folders.Add(path[..cut]);
        }

        if (files.FirstOrDefault(f => folders.Contains(f.Path)) is { } both)
            throw Refuse(archive, $"entry '{both.Entry.FullName}' is a file and a folder");
    }

    private static IEnumerable<string> Parts(string name) => name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");

    // What macOS and Windows leave behind.
    private static bool IsLitter(string name) =>
        name.StartsWith("__MACOSX/", StringComparison.Ordinal) || name.EndsWith("/.DS_Store", StringComparison.Ordinal)
            || name is ".DS_Store" || name.EndsWith("Thumbs.db", StringComparison.Ordinal);

    private static ReleaseException Refuse(string archive, string reason) =>
        new($"{archive}: {ShownText.Line(reason)}; nothing was unpacked");
}
