using System.Collections.Immutable;
using System.Globalization;

namespace LiveClin.Core.Conditions;

/// <summary>
/// A way of asking that differs from the published one in what is said of it and in nothing else: <c>published</c>, or parts such as
/// <c>shuffled:2</c> and <c>no-images</c>, joined by <c>+</c>. Parts stand in one order whatever order they were typed in.
/// </summary>
public sealed class Condition : IEquatable<Condition>
{
    /// <summary>The name of the published way.</summary>
    public const string PublishedName = "published";

    /// <summary>The word for <see cref="Standard"/> in a list of conditions.</summary>
    public const string StandardName = "standard";

    private const char Joint = '+';

    private Condition(ImmutableArray<ConditionPart> parts)
    {
        Parts = parts;
        Name = parts.IsEmpty ? PublishedName : string.Join(Joint, parts.Select(part => part.Name));
    }

    /// <summary>Cases as they were published.</summary>
    public static Condition Published { get; } = new([]);

    /// <summary>The conditions that say most of what a score is made of.</summary>
    public static ImmutableArray<Condition> Standard { get; } =
    [
        .. ((string[])["published", "shuffled:1", "shuffled:2", "no-images", "images-missing", "choices-only", "no-case", "gold-history",
            "single-turn"]).Select(Parse),
    ];

    /// <summary>Names of all parts that there are, in the order in which they are joined.</summary>
    public static ImmutableArray<string> PartNames { get; } =
        [.. ConditionKind.All.Select(kind => kind.TakesNumber ? kind.Name + ":N" : kind.Name)];

    /// <summary>Its one name, with every number: <c>shuffled:1+no-images</c>.</summary>
    public string Name { get; }

    /// <summary>True for the published way.</summary>
    public bool IsPublished => Parts.IsEmpty;

    /// <summary>True when no question depends on a reply to another one: then a question that failed does not end its case.</summary>
    public bool HasIndependentTurns => Parts.Any(part => part.Kind.HasIndependentTurns);

    /// <summary>True when it needs the images' files: it cannot be asked with images by address.</summary>
    public bool NeedsImageFiles => Parts.Any(part => part.Kind.NeedsImageFiles);

    /// <summary>
    /// What sorts conditions so that each finds much of its requests' beginnings in a server's prefix cache: those that share the published
    /// first turn come first, then those that share its scenario.
    /// </summary>
    public int CacheOrder => Parts.IsEmpty ? 0 : Parts.Max(part => part.Kind.CacheOrder);

    /// <summary>What sorts conditions as their table does: the published one first, then by their first part.</summary>
    public int TableOrder => Parts.IsEmpty ? -1 : ConditionKind.All.IndexOf(Parts[0].Kind);

    internal ImmutableArray<ConditionPart> Parts { get; }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">There is none of that name, or its parts cannot be joined; the message says why.</exception>
    public static Condition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split(Joint, StringSplitOptions.TrimEntries);
        if (words is [PublishedName]) return Published;
        if (words.Contains(PublishedName, StringComparer.Ordinal))
            throw new FormatException($"'{text}': 'published' is joined with nothing.");
        ImmutableArray<ConditionPart> parts =
            [.. words.Select(word => ReadPart(word, text)).OrderBy(part => ConditionKind.All.IndexOf(part.Kind))];
        for (var i = 0; i < parts.Length; i++)
            for (var j = i + 1; j < parts.Length; j++)
                if ((parts[i].Kind.Changes & parts[j].Kind.Changes) is not ChangedAspects.None and var both)
                    throw new FormatException(
                        $"'{text}': '{parts[i].Name}' and '{parts[j].Name}' cannot be joined: both decide about {Describe(both)}.");
        return new Condition(parts);
    }

    /// <summary>Reads a list of conditions; <c>standard</c> stands for <see cref="Standard"/>, and what comes twice counts once.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static ImmutableArray<Condition> ParseList(IEnumerable<string> names) =>
        [.. names.SelectMany(name => name.Trim() == StandardName ? Standard : [Parse(name)]).Distinct()];

    /// <inheritdoc/>
    public bool Equals(Condition? other) => other is not null && other.Name == Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Condition);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ConditionPart ReadPart(string word, string text)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? word : word[..colon];
        var kind = ConditionKind.All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new FormatException(
                $"'{text}': there is no condition '{name}'. There are: {PublishedName}, {string.Join(", ", PartNames)}.");
        if (colon < 0) return new ConditionPart(kind, kind.TakesNumber ? 1 : null);
        if (!kind.TakesNumber) throw new FormatException($"'{text}': '{name}' takes no number.");
        return int.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ConditionPart(kind, number)
            : throw new FormatException($"'{text}': '{name}:' must be followed by a whole number from 0 to {int.MaxValue}.");
    }

    // The first of what both change is what a reader recognises.
    private static string Describe(ChangedAspects both) => both switch
    {
        _ when both.HasFlag(ChangedAspects.Order) => "the options' order",
        _ when both.HasFlag(ChangedAspects.Scenario) => "what is shown of the case",
        _ when both.HasFlag(ChangedAspects.Images) => "the images",
        _ when both.HasFlag(ChangedAspects.Tables) => "the tables",
        _ when both.HasFlag(ChangedAspects.History) => "the conversation's history",
        _ => "the options' words",
    };
}

/// <summary>One part of a condition.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Number">Its seed, or the places by which options are moved on; null where it takes none.</param>
internal sealed record ConditionPart(ConditionKind Kind, int? Number)
{
    /// <summary>Its name with its number.</summary>
    public string Name => Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Kind.Name}:{number}") : Kind.Name;

    /// <summary>The case under this part as well; null when it cannot be asked so.</summary>
    public ShownCase? Apply(ShownCase shown, ConditionContext context) => Kind.Apply(shown, Number ?? 0, context);
}
