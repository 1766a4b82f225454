namespace LiveClin.DemoFigures;

/// <summary>Where the generator's sources lie.</summary>
internal static class Folders
{
    /// <summary>The folder <c>data/generator</c> of the repository that holds this program or the current folder.</summary>
    public static string FindGenerator()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "data", "generator");
                if (Directory.Exists(Path.Combine(candidate, "cases"))) return candidate;
            }
        throw new DirectoryNotFoundException("data/generator/cases was not found; run this program inside the repository.");
    }
}
