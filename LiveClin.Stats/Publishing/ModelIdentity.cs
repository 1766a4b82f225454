namespace LiveClin.Stats.Publishing;

/// <summary>A model as the hubs name it: <c>developer/name</c>.</summary>
/// <param name="Developer">Who makes it; <c>unknown</c> where nothing says.</param>
/// <param name="Name">Its name there.</param>
internal sealed record ModelIdentity(string Developer, string Name)
{
    private const int Longest = 96;

    /// <summary><c>developer/name</c>.</summary>
    public string Id => $"{Developer}/{Name}";

    /// <summary>Reads <c>developer/name</c>; a name alone, or a path of a machine, has an unknown developer.</summary>
    public static ModelIdentity Of(string given)
    {
        var parts = given.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts is [var developer, var name] && !given.StartsWith('/')
            ? new ModelIdentity(Portable(developer), Portable(name)) : new ModelIdentity("unknown", Portable(parts.LastOrDefault() ?? ""));
    }

    // It becomes a folder: nothing of it may lead elsewhere.
    private static string Portable(string text)
    {
        var safe = string.Concat(text.Take(Longest).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        return safe.Trim('.').Length == 0 ? "unknown" : safe;
    }
}
