using System.Collections.Immutable;

namespace LiveClin.Core.Results;

/// <summary>What one epoch of a run wants: the cases of several selections together. As text they are joined by <c>+</c>.</summary>
internal sealed record EpochTarget
{
    private readonly ImmutableArray<CaseSelection> _selections;

    /// <param name="selections">
    /// What was asked for; what others hold is left out, and shards that are complete become what they are parts of.
    /// </param>
    public EpochTarget(params IEnumerable<CaseSelection> selections) => _selections = Simplify([.. selections]);

    public static EpochTarget Nothing { get; } = new();

    /// <summary>Its selection, where it has one.</summary>
    public CaseSelection? Only => _selections is [var only] ? only : null;

    /// <summary>Number of first cases, where nothing but those are wanted; null otherwise, and for all.</summary>
    public int? Limit => _selections is [{ IsFromTop: true, IsAll: false } only] ? only.Limit : null;

    /// <summary>True when it wants others than the first cases, or not all of them.</summary>
    public bool IsScattered => _selections.Any(selection => !selection.IsFromTop);

    public bool Includes(int ordinal, SampleOrder order) => _selections.Any(selection => selection.Includes(ordinal, order));

    public EpochTarget For(int cases) => new(_selections.Select(selection => selection.For(cases)));

    public EpochTarget Of(Shard shard) => new(_selections.Select(selection => selection.Of(shard)));

    public EpochTarget Union(EpochTarget other) => new(_selections.Concat(other._selections));

    public static EpochTarget Parse(string text) => new(text.Split('+').Select(CaseSelection.Parse));

    public override string ToString() => string.Join('+', _selections);

    public string Describe() => string.Join(" and ", _selections.Select(selection => selection.Describe()));

    public bool Equals(EpochTarget? other) => other is not null && _selections.SequenceEqual(other._selections);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    // One text for every way to want the same cases.
    private static ImmutableArray<CaseSelection> Simplify(List<CaseSelection> selections)
    {
        for (var merged = true; merged;)
        {
            selections = [.. selections.Distinct()];
            selections.RemoveAll(selection => selections.Exists(other => other != selection && other.Contains(selection)));
            merged = Complete(selections);
        }

        return [.. selections.OrderBy(selection => selection.Sample).ThenBy(selection => selection.Limit)
            .ThenBy(selection => selection.Shard?.Count ?? 0).ThenBy(selection => selection.Shard?.Index ?? 0)];
    }

    // Puts the first complete set of shards together.
    private static bool Complete(List<CaseSelection> selections)
    {
        foreach (var first in selections.Where(selection => selection.Shard is not null))
        {
            var parts = selections.Where(other => other.HasBaseOf(first) && other.Shard?.Count == first.Shard!.Value.Count).ToList();
            if (parts.Count < first.Shard!.Value.Count) continue;
            selections.RemoveAll(parts.Contains);
            selections.Add(first.Of(null));
            return true;
        }

        return false;
    }
}
