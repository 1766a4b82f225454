namespace LiveClin.Core.Releases;

/// <summary>What release is wanted. Everything may be null: then the environment decides, and at last the demo.</summary>
/// <param name="Dataset">A release's name, or the path of its JSONL file or folder.</param>
/// <param name="DataDirectory">
/// Folder that holds releases; null looks in <c>data/</c> of the current folder, of the program's folder, and above both.
/// </param>
/// <param name="JsonlPath">Path of a JSONL file; goes before <paramref name="Dataset"/>.</param>
/// <param name="ImageRoot">Folder below which images are resolved; null looks beside the JSONL file.</param>
public sealed record ReleaseRequest(string? Dataset = null, string? DataDirectory = null, string? JsonlPath = null,
    string? ImageRoot = null);

/// <summary>Finds releases in every layout that users have on disk.</summary>
/// <param name="environment">Reads environment variables; null reads the process's own.</param>
/// <param name="currentDirectory">Where relative paths begin; null is the process's own.</param>
/// <param name="programDirectory">Where the program lies; null is this process's.</param>
public sealed class ReleaseLocator(Func<string, string?>? environment = null, string? currentDirectory = null,
    string? programDirectory = null)
{
    /// <summary>The release that is taken when nothing is said.</summary>
    public const string DefaultDataset = "demo";

    private readonly string _current = currentDirectory ?? Directory.GetCurrentDirectory();

    /// <summary>Finds the wanted release. Nothing is read or unpacked yet.</summary>
    /// <exception cref="ReleaseNotFoundException">There is none, or several fit; says what was looked for where, and which releases
    /// exist.</exception>
    public ReleaseLocation Locate(ReleaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var imageRoot = request.ImageRoot is { Length: > 0 } root ? Full(root) : null;
        if (request.JsonlPath is { Length: > 0 } jsonl) return AtPath(jsonl, imageRoot, "the given JSONL path");
        if (request.Dataset is { Length: > 0 } dataset) return Named(dataset, request.DataDirectory, imageRoot);
        if (Variable("JSONL_PATH") is { } fromEnvironment) return AtPath(fromEnvironment, imageRoot, "the environment variable JSONL_PATH");
        return Named(DefaultDataset, request.DataDirectory, imageRoot);
    }

    /// <summary>All releases in a folder, or in the default places when it is null; by name, each once.</summary>
    public IReadOnlyList<ReleaseLocation> Discover(string? dataDirectory = null)
    {
        var found = new Dictionary<string, ReleaseLocation>(StringComparer.Ordinal);
        foreach (var place in Places(dataDirectory))
            foreach (var folder in Candidates(place))
                if (ReleaseFolder.FindJsonl(folder) is { } jsonl)
                    found.TryAdd(jsonl, ReleaseLocation.FromFile(jsonl));
        return [.. found.Values.OrderBy(r => r.Name, StringComparer.OrdinalIgnoreCase).ThenBy(r => r.JsonlPath, StringComparer.Ordinal)];
    }

    /// <summary>The nearest <c>data/</c> folder, or the one of the current folder when there is none yet: where a download goes.</summary>
    public string NearestDataDirectory() =>
        Places(null).FirstOrDefault(p => Path.GetFileName(p) == "data") ?? Path.Combine(_current, "data");

    /// <summary>The folders that hold releases where none is named: every <c>data/</c> here and above.</summary>
    public IReadOnlyList<string> DataDirectories() => [.. Places(null)];

    private ReleaseLocation Named(string dataset, string? dataDirectory, string? imageRoot)
    {
        var isPath = dataset.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) >= 0
            || dataset.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        if (isPath) return AtPath(dataset, imageRoot, "the dataset");
        var all = Discover(dataDirectory);
        var fitting = all.Where(r => ReleaseName.Same(r.Name, dataset)).ToList();
        var exact = fitting.Where(r => r.Name == dataset).ToList();
        var chosen = exact.Count > 0 ? exact : fitting;
        if (chosen.Count == 0 && Directory.Exists(Full(dataset)) && ReleaseFolder.FindJsonl(Full(dataset)) is not null)
            return AtPath(dataset, imageRoot, "the dataset");
        if (chosen.Count == 0)
        {
            var places = Places(dataDirectory).ToList();
            var looked = places.Count == 0
                ? (dataDirectory is { Length: > 0 } ? $"there is no folder {Full(dataDirectory)}" : "there is no data folder here or above")
                : "looked in " + string.Join(", ", places);
            var existing = all.Count == 0
                ? "no release is there" : "found " + string.Join(", ", all.Select(r => r.Name).Distinct(StringComparer.Ordinal));
            throw new ReleaseNotFoundException(
                $"There is no release '{dataset}': {looked}; {existing}. `dataset download` fetches one, and the path of a JSONL file is understood too.");
        }

        // Places come in the order of nearness, and within one place a name must be clear.
        var first = Places(dataDirectory).Select(p => chosen.Where(r => IsBelow(r.JsonlPath, p)).ToList()).First(c => c.Count > 0);
        if (first.Count > 1)
            throw new ReleaseNotFoundException(
                $"The name '{dataset}' fits several releases: {string.Join(", ", first.Select(r => r.JsonlPath))}. Give the path of one.");
        var release = first[0];
        if (imageRoot is null && !Directory.Exists(release.ImageRoot) && release.ImageArchive is null)
            imageRoot = VariablePath("IMAGE_ROOT_PATH");
        return imageRoot is null ? release : ReleaseLocation.FromFile(release.JsonlPath, imageRoot);
    }

    private ReleaseLocation AtPath(string path, string? imageRoot, string origin)
    {
        var full = Full(path);
        imageRoot ??= VariablePath("IMAGE_ROOT_PATH");
        if (File.Exists(full)) return ReleaseLocation.FromFile(full, imageRoot);
        if (!Directory.Exists(full)) throw new ReleaseNotFoundException($"There is no file or folder {full} ({origin}).");
        return ReleaseFolder.FindJsonl(full) is { } jsonl
            ? ReleaseLocation.FromFile(jsonl, imageRoot)
            : throw new ReleaseNotFoundException($"{full} ({origin}) {ReleaseFolder.WhyNone(full)}.");
    }

    // The folders that hold releases: the given one, or every data/ from here and from the program's folder upwards.
    private IEnumerable<string> Places(string? dataDirectory)
    {
        if (dataDirectory is { Length: > 0 }) return Directory.Exists(Full(dataDirectory)) ? [Full(dataDirectory)] : [];
        return new[] { _current, programDirectory ?? AppContext.BaseDirectory }
            .SelectMany(Upwards)
            .SelectMany(f => new[] { Path.Combine(f, "data"), File.Exists(Path.Combine(f, "demo", "demo.jsonl"))
                ? Path.Combine(f, "demo") : "" })
            .Where(Directory.Exists)
            .Distinct(StringComparer.Ordinal);
    }

    // data/ itself, data/<release>/, and data/data/<release>/ (a clone of the hub's repository).
    private static IEnumerable<string> Candidates(string place)
    {
        IEnumerable<string> below = ReleaseFolder.Below(place);
        return [place, .. below, .. ReleaseFolder.Below(Path.Combine(place, "data"))];
    }

    // Up to the repository's root, or else to below the file system's: /data belongs to somebody else.
    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at?.Parent is not null; at = at.Parent)
        {
            yield return at.FullName;
            if (File.Exists(Path.Combine(at.FullName, "LiveClin.Aspire.sln"))) break;
        }
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private string Full(string path) => Path.GetFullPath(path, _current);

    private string? Variable(string name) =>
        (environment ?? Environment.GetEnvironmentVariable)(name) is { Length: > 0 } value ? value : null;

    private string? VariablePath(string name) => Variable(name) is { } path ? Full(path) : null;
}
