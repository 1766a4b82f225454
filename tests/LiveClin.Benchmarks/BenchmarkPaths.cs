namespace LiveClin.Benchmarks;

/// <summary>Where the repository lies that the benchmark was built from.</summary>
internal static class BenchmarkPaths
{
    public static string RepositoryRoot { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LiveClin.Aspire.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("LiveClin.Aspire.sln was not found above the benchmark.");
    }
}
