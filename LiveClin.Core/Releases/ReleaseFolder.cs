namespace LiveClin.Core.Releases;

/// <summary>A folder that may hold one release.</summary>
internal static class ReleaseFolder
{
    /// <summary>
    /// The release's JSONL file: the one called like the folder, else the only one; null when there is none or it is not clear.
    /// </summary>
    public static string? FindJsonl(string folder)
    {
        var files = Files(folder);
        var called = files.Where(f =>
            ReleaseName.Same(Path.GetFileNameWithoutExtension(f), Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)))).ToList();
        return called.Count == 1 ? called[0] : files.Count == 1 ? files[0] : null;
    }

    /// <summary>Why <see cref="FindJsonl"/> finds none, as the end of a sentence about the folder.</summary>
    public static string WhyNone(string folder) => Files(folder) switch
    {
        [] => "holds no .jsonl file",
        var files => $"holds several .jsonl files ({string.Join(", ", files.Select(Path.GetFileName))}); give the path of one",
    };

    /// <summary>The folders directly below one, by name; none when it does not exist or cannot be read.</summary>
    public static IEnumerable<string> Below(string folder) => List(folder, Directory.EnumerateDirectories);

    private static List<string> Files(string folder) =>
        List(folder, f => Directory.EnumerateFiles(f).Where(n => n.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)));

    private static List<string> List(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return Directory.Exists(folder) ? [.. list(folder).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
