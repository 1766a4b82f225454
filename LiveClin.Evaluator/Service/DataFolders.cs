using LiveClin.Core.Releases;
using LiveClin.Evaluator.Runs;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Service;

/// <summary>
/// Where callers of the service may name releases and images: below the data folders of its settings, whatever links lie in between.
/// </summary>
internal sealed class DataFolders(IOptions<EvaluatorOptions> options)
{
    /// <summary>What is wrong with a path that a caller names; null when it lies below one of the folders, or nothing is there.</summary>
    public string? ProblemOf(string path)
    {
        // No file system takes it, and .NET throws.
        if (path.Contains('\0', StringComparison.Ordinal)) return "has a NUL character in it. Name a file or folder without one.";
        var full = Path.GetFullPath(path);
        var allowed = Allowed().ToList();
        // What does not exist gives nothing away as long as its name lies below.
        var real = RealPath.Of(full) ?? full;
        return allowed.Any(folder => IsBelow(real, folder)) ? null
            : $"is not below a data folder of this service ({(allowed.Count == 0 ? "there is none" : string.Join(", ", allowed))}). Put it there, or name its folder in LiveClin:DataFolders.";
    }

    private IEnumerable<string> Allowed()
    {
        IEnumerable<string> data = options.Value.DataDirectory is { Length: > 0 } folder
            ? [folder] : new ReleaseLocator().DataDirectories();
        return data.Concat(options.Value.DataFolders).Select(Path.GetFullPath).Select(each => RealPath.Of(each) ?? each)
            .Distinct(StringComparer.Ordinal);
    }

    private static bool IsBelow(string path, string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        return path == folder || path.StartsWith(folder == "/" ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
