namespace LiveClin.Core.Releases;

/// <summary>Where a release lies on disk.</summary>
/// <param name="Name">Its name, for example <c>2025_H1</c>: the folder's, or the file's when the folder is called otherwise.</param>
/// <param name="JsonlPath">Full path of the JSONL file.</param>
/// <param name="ImageRoot">Full path of the folder below which images are resolved; it may not exist (yet).</param>
/// <param name="ImageArchive">
/// Full path of an archive from which the image folder is made when it does not exist; null when there is none.
/// </param>
public sealed record ReleaseLocation(string Name, string JsonlPath, string ImageRoot, string? ImageArchive = null)
{
    /// <summary>
    /// The location of a JSONL file, with its images in a given folder or, when that is null, beside the file in <c>images/</c> or
    /// <c>image/</c>.
    /// </summary>
    public static ReleaseLocation FromFile(string jsonlPath, string? imageRoot = null)
    {
        jsonlPath = Path.GetFullPath(jsonlPath);
        var folder = Path.GetDirectoryName(jsonlPath)!;
        var stem = Path.GetFileNameWithoutExtension(jsonlPath);
        var name = ReleaseName.Same(Path.GetFileName(folder), stem) ? Path.GetFileName(folder) : stem;
        if (imageRoot is not null)
            return new ReleaseLocation(name, jsonlPath, Path.GetFullPath(imageRoot), ArchiveOf(Path.GetFullPath(imageRoot)));

        string[] folders = [Path.Combine(folder, "images"), Path.Combine(folder, "image")];
        var root = folders.FirstOrDefault(f => Directory.Exists(f) && Directory.EnumerateFileSystemEntries(f).Any())
            ?? folders.FirstOrDefault(f => ArchiveOf(f) is not null)
            ?? folders.FirstOrDefault(Directory.Exists)
            ?? folders[0];
        return new ReleaseLocation(name, jsonlPath, root, ArchiveOf(root));
    }

    private static string? ArchiveOf(string imageRoot)
    {
        var archive = Path.TrimEndingDirectorySeparator(imageRoot) + ".zip";
        return File.Exists(archive) ? archive : null;
    }
}

/// <summary>Names of releases, which people write as <c>2025_H1</c>, <c>2025H1</c> or <c>2025h1</c>.</summary>
public static class ReleaseName
{
    /// <summary>True when two names mean the same release.</summary>
    public static bool Same(string one, string other) => string.Equals(Bare(one), Bare(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// True for what can be a release's name, which is also its folder's: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, beginning
    /// with a letter or digit.
    /// </summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
}
