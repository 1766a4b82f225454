using System.Collections.Immutable;

namespace LiveClin.AppHost.Dashboard;

/// <summary>What the dashboard shows in a resource's details.</summary>
internal static class ResourceDetails
{
    /// <summary>A property that is shown at once, in the order in which a list names them.</summary>
    public static ResourcePropertySnapshot Shown(string name, string value, int order) =>
        new(name, value) { DisplayName = name, IsHighlighted = true, SortOrder = order };

    /// <summary>Puts our properties in the place of our earlier ones. Aspire's stay: its nesting of resources is one of them.</summary>
    /// <param name="all">The resource's properties.</param>
    /// <param name="own">Our names with what they show; those without a value are left out.</param>
    public static ImmutableArray<ResourcePropertySnapshot> With(this ImmutableArray<ResourcePropertySnapshot> all,
        params IReadOnlyList<(string Name, string? Value)> own)
    {
        var names = own.Select(o => o.Name).ToHashSet();
        var shown = own.Select((o, order) => o.Value is { Length: > 0 } value ? Shown(o.Name, value, order) : null)
            .OfType<ResourcePropertySnapshot>();
        return [.. all.Where(p => !names.Contains(p.Name)), .. shown];
    }
}
