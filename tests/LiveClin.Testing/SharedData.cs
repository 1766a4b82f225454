using Xunit;

namespace LiveClin.Testing;

/// <summary>
/// Paths of real cases and of what was recorded on them, which lie beside the repository (<c>../shared</c>, or LIVECLIN_SHARED) because
/// they may not be copied into it.
/// </summary>
public static class SharedData
{
    /// <summary>Root of the repository under test.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>Whether recordings lie beside the repository.</summary>
    public static bool IsPresent => Directory.Exists(System.IO.Path.Combine(Root, "golden"));

    /// <summary>
    /// Full path of something in the shared folder. Where it is absent the test is skipped; what must hold everywhere is tested on
    /// <see cref="GoldenSet.OwnDemo"/>.
    /// </summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine([Root, .. parts]));
        Assert.SkipUnless(System.IO.Path.Exists(path),
            $"{path} is absent. Put the shared folder beside the repository or set LIVECLIN_SHARED.");
        return path;
    }

    /// <summary>The real demo release.</summary>
    public static string DemoJsonl => Path("data", "liveclin-demo", "demo.jsonl");

    /// <summary>The real demo release's images.</summary>
    public static string DemoImages => Path("data", "liveclin-demo", "images");

    private static string Root =>
        Environment.GetEnvironmentVariable("LIVECLIN_SHARED") ?? System.IO.Path.Combine(RepositoryRoot, "..", "shared");

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "LiveClin.Aspire.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("LiveClin.Aspire.sln was not found above " + AppContext.BaseDirectory);
    }
}
