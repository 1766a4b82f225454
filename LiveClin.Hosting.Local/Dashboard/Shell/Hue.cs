namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>One colour per name, the same on every page.</summary>
internal static class Hue
{
    private const int Colors = 10;

    /// <summary>A class <c>c0</c>…<c>c9</c> of the style sheet (which has them for both themes).</summary>
    public static string Class(string name)
    {
        uint hash = 2166136261;
        foreach (var c in name) hash = (hash ^ c) * 16777619;
        return "c" + (hash % Colors);
    }

    /// <summary>The class of the n-th line of a chart.</summary>
    public static string Class(int index) => "c" + (index % Colors);
}
