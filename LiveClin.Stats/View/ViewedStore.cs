using LiveClin.Core.Results;

namespace LiveClin.Stats.View;

/// <summary>What the pages of <c>view</c> are over.</summary>
/// <param name="Store">The store.</param>
/// <param name="Name">What it is called on the pages.</param>
internal sealed record ViewedStore(ResultStore Store, string Name);

/// <summary>Whether the pages may change anything.</summary>
/// <param name="Source">What is shown read-only; null when the pages stand before an evaluator, which can write.</param>
internal sealed record PageAccess(string? Source)
{
    /// <summary>True when nothing can be changed: controls that write are left out.</summary>
    public bool IsReadOnly => Source is not null;

    /// <summary>
    /// The store's file, where commands can name it; null for a bundle, and before an evaluator, which alone knows its store.
    /// </summary>
    public string? StorePath { get; init; }
}
