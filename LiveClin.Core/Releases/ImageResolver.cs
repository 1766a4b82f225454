using System.Collections.Concurrent;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Releases;

/// <summary>What was found for an image's path.</summary>
public enum ImageStatus
{
    /// <summary>A file below the image root.</summary>
    Found = 0,

    /// <summary>No such file.</summary>
    Missing = 1,

    /// <summary>The path is not a relative path that stays below the image root, links included; it is never opened.</summary>
    Refused = 2,
}

/// <summary>The result of looking for an image.</summary>
/// <param name="Status">What was found.</param>
/// <param name="File">The file, when found.</param>
/// <param name="Message">What is wrong, when not found.</param>
public readonly record struct ImageLookup(ImageStatus Status, ImageFile? File, string? Message);

/// <summary>
/// Finds images below an image root and nowhere else. Safe for concurrent use; looks at the disk on every call, but takes folders to stay
/// what they are.
/// </summary>
public sealed class ImageResolver
{
    private readonly ConcurrentDictionary<string, string> _realFolders = new(StringComparer.Ordinal);
    private readonly string _realRoot;

    /// <param name="imageRoot">The folder below which images are resolved. It may be a link itself.</param>
    public ImageResolver(string imageRoot)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(imageRoot));
        _realRoot = RealPath.Of(Root) ?? Root;
    }

    /// <summary>Full path of the image root.</summary>
    public string Root { get; }

    /// <summary>The file that a release's <c>file</c> names, null when there is none or the path is refused.</summary>
    public ImageFile? Find(string file) => Look(file).File;

    /// <summary>Looks for the file that a release's <c>file</c> names.</summary>
    public ImageLookup Look(string file)
    {
        if (Refusal(file) is { } refusal) return new ImageLookup(ImageStatus.Refused, null, refusal);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(Root, file)));
        if (!IsBelow(path, Root)) return Outside(file);

        // Only what is a link costs more than one look: folders are followed once each, the file itself when it is a link.
        var folder = Path.GetDirectoryName(path)!;
        var realFolder = folder == Root ? _realRoot : RealFolder(folder);
        if (realFolder is null) return Missing(file);
        if (realFolder != _realRoot && !IsBelow(realFolder, _realRoot)) return Outside(file);
        var found = new FileInfo(Path.Combine(realFolder, Path.GetFileName(path)));
        if (found.LinkTarget is not null)
        {
            if (RealPath.Of(found.FullName) is not { } target) return Missing(file);
            if (!IsBelow(target, _realRoot)) return Outside(file);
            found = new FileInfo(target);
        }

        // As published, the type is that of the file behind a link, and of the path in its plain form.
        if (!found.Exists) return Missing(file);
        var image = new ImageFile(path, MediaTypes.OfImage(found.FullName), found.Length) { Root = _realRoot };
        return new ImageLookup(ImageStatus.Found, image, null);
    }

    // What does not exist is looked for again the next time: images may be unpacked meanwhile.
    private string? RealFolder(string folder)
    {
        if (_realFolders.TryGetValue(folder, out var known)) return known;
        return RealPath.Of(folder) is { } real ? _realFolders.GetOrAdd(folder, real) : null;
    }

    private static string? Refusal(string file)
    {
        if (file.Contains('\0')) return $"'{file.Replace("\0", "\\0", StringComparison.Ordinal)}' contains a NUL character";
        if (file.Contains('\\') || (file.Length > 1 && file[1] == ':' && char.IsAsciiLetter(file[0])))
            return $"'{file}' is a Windows path; write it relative to the image root, with '/'";
        if (file.StartsWith('/')) return $"'{file}' is an absolute path; write it relative to the image root";
        return null;
    }

    private static bool IsBelow(string path, string root) =>
        path.Length > root.Length && path.StartsWith(root, StringComparison.Ordinal)
            && (path[root.Length] == Path.DirectorySeparatorChar || root[^1] == Path.DirectorySeparatorChar);

    private static ImageLookup Outside(string file) => new(ImageStatus.Refused, null, $"'{file}' leaves the image root");

    private ImageLookup Missing(string file) => new(ImageStatus.Missing, null, $"there is no file '{file}' below {Root}");
}
