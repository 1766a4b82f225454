using System.Collections.Concurrent;

namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>One colour per name, the same on every page.</summary>
internal static class Hue
{
    private const int Colors = 10;
    private const int MaxNames = 1000;
    private static readonly ConcurrentDictionary<string, int> Given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A class <c>c0</c>…<c>c9</c> of the style sheet (which has them for both themes), in the order in which names are first seen.</summary>
    public static string Class(string name)
    {
        if (Given.TryGetValue(name, out var known)) return Class(known);
        return Given.Count >= MaxNames ? Class(name.Length) : Class(Given.GetOrAdd(name, _ => Given.Count));
    }

    /// <summary>The class of the n-th line of a chart.</summary>
    public static string Class(int index) => "c" + (index % Colors);
}
