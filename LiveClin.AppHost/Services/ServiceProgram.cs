using System.Reflection;

namespace LiveClin.AppHost.Services;

/// <summary>A built service.</summary>
/// <param name="Assembly">Full path of its assembly.</param>
/// <param name="ProjectPath">Full path of its project file.</param>
internal sealed record ServiceProgram(string Assembly, string ProjectPath)
{
    /// <summary>Folder of the assembly.</summary>
    public string Folder => Path.GetDirectoryName(Assembly)!;

    /// <summary>
    /// Finds a service's program: beside the app host's folder (<c>…/LiveClin.AppHost/</c> and <c>…/LiveClin.Evaluator/</c>, as in a copied
    /// folder), else in the project's build output of the same configuration as the app host's own.
    /// </summary>
    /// <exception cref="FileNotFoundException">It was not built; the message says where it was looked for.</exception>
    public static ServiceProgram Find<TProject>() where TProject : IProjectMetadata, new()
    {
        var project = new TProject().ProjectPath;
        var name = Path.GetFileNameWithoutExtension(project);
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string[] folders = [Path.Combine(Path.GetDirectoryName(own)!, name), Path.Combine(Path.GetDirectoryName(project)!, BuildOutput())];
        var candidates = folders.Select(f => Path.Combine(f, name + ".dll")).ToList();
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? new ServiceProgram(found, project)
            : throw new FileNotFoundException(
                $"{name} is not built (looked for {string.Join(", ", candidates)}). Build the solution: dotnet build LiveClin.Aspire.sln");
    }

    // Sample: bin/Debug/net10.0
    private static string BuildOutput()
    {
        var attributes = typeof(ServiceProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        return attributes.First(a => a.Key == "BuildOutput").Value!;
    }
}
