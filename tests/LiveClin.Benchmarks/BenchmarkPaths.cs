namespace LiveClin.Benchmarks;

/// <summary>Where the repository lies that the benchmark was built from.</summary>
internal static class BenchmarkPaths
{
    public static string RepositoryRoot { get; } = Find();

    /// <summary>A program of the solution, in the configuration of this one.</summary>
    public static string Program(string project) => Path.Combine(
        RepositoryRoot, project, "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!), "net10.0",
        project + ".dll");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LiveClin.Aspire.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("LiveClin.Aspire.sln was not found above the benchmark.");
    }
}
