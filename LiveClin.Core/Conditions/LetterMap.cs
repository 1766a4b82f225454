using System.Collections.Immutable;

namespace LiveClin.Core.Conditions;

/// <summary>From the letters of a question as shown to those of the release, and back. Letters are upper case on both sides.</summary>
public sealed class LetterMap
{
    private readonly ImmutableArray<string> _shown;
    private readonly ImmutableArray<string> _published;

    /// <param name="shown">The letters as shown, by place.</param>
    /// <param name="published">The release's letters of the same options.</param>
    public LetterMap(IEnumerable<string> shown, IEnumerable<string> published)
    {
        _shown = [.. shown.Select(letter => letter.ToUpperInvariant())];
        _published = [.. published.Select(letter => letter.ToUpperInvariant())];
        if (_shown.Length != _published.Length)
            throw new ArgumentException("Each option has one letter on either side.", nameof(published));
    }

    /// <summary>Every letter stands for itself.</summary>
    public static LetterMap Identity { get; } = new([], []);

    /// <summary>Options shown as A, B, … without gaps.</summary>
    /// <param name="published">The release's letters of the options, by place.</param>
    public static LetterMap Lettered(IReadOnlyList<string> published) =>
        new(Enumerable.Range(0, published.Count).Select(place => ((char)('A' + place)).ToString()), published);

    /// <summary>The letters as shown, by place.</summary>
    public ImmutableArray<string> Shown => _shown;

    /// <summary>The release's letters, by the place at which their options are shown.</summary>
    public ImmutableArray<string> Published => _published;

    /// <summary>True when every option has the letter that it has in the release.</summary>
    public bool IsIdentity => _shown.SequenceEqual(_published);

    /// <summary>
    /// The release's letter of the option that is shown under a letter. A letter that nothing is shown under stands for itself, unless the
    /// release has an option of that letter: then for none.
    /// </summary>
    public string? ToPublished(string? shown) => Find(_shown, _published, shown);

    /// <summary>The letter under which an option of the release is shown; the inverse of <see cref="ToPublished"/>.</summary>
    public string? ToShown(string? published) => Find(_published, _shown, published);

    private static string? Find(ImmutableArray<string> from, ImmutableArray<string> to, string? letter)
    {
        if (letter is null) return null;
        var place = from.IndexOf(letter);
        if (place >= 0) return to[place];
        return to.Contains(letter) ? null : letter;
    }
}
