namespace LiveClin.Testing;

/// <summary>Recorded results of the published tools, by the release on which they were recorded.</summary>
public enum GoldenSet
{
    /// <summary>On our own demo release: part of the repository (<c>tests/golden</c>), so that its tests are never skipped.</summary>
    OwnDemo,

    /// <summary>On the published demo, which may not be copied: its tests run where it lies beside the repository.</summary>
    PublishedDemo,
}

/// <summary>Where the parts of a <see cref="GoldenSet"/> lie.</summary>
public static class GoldenSets
{
    /// <summary>Full path of a recording.</summary>
    /// <exception cref="FileNotFoundException">A part of the repository is missing.</exception>
    public static string Recording(this GoldenSet set, params string[] parts) =>
        set == GoldenSet.PublishedDemo ? SharedData.Path(["golden", .. parts]) : InRepository(["tests", "golden", .. parts]);

    /// <summary>The release's JSONL file.</summary>
    public static string Jsonl(this GoldenSet set) =>
        set == GoldenSet.PublishedDemo ? SharedData.DemoJsonl : InRepository("data", "demo", "demo.jsonl");

    /// <summary>The folder of the release's images.</summary>
    public static string Images(this GoldenSet set) =>
        set == GoldenSet.PublishedDemo ? SharedData.DemoImages : InRepository("data", "demo", "images");

    private static string InRepository(params string[] parts)
    {
        var path = Path.Combine([SharedData.RepositoryRoot, .. parts]);
        return Path.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing; it is a part of the repository.");
    }
}
