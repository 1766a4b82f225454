namespace LiveClin.AppHost.ModelServers;

/// <summary>Makes resource names of models' names: lower-case letters, digits and single hyphens, no two alike.</summary>
internal sealed class ResourceNames
{
    private const int MaximumLength = 60;
    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);

    public string Next(string prefix, string model)
    {
        var name = $"{prefix}-{Slug(model)}".Trim('-');
        if (name.Length > MaximumLength) name = name[..MaximumLength].TrimEnd('-');
        var unique = name;
        for (var i = 2; !_given.Add(unique); i++) unique = $"{name}-{i}";
        return unique;
    }

    /// <summary>The name in the letters that resource names may have.</summary>
    public static string Slug(string text)
    {
        var letters = text.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ');
        return string.Join('-', string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
