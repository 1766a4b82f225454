using LiveClin.Core.Results;

namespace LiveClin.Stats.View;

/// <summary>What the pages of <c>view</c> are over.</summary>
/// <param name="Store">The store.</param>
/// <param name="Name">What it is called on the pages.</param>
internal sealed record ViewedStore(ResultStore Store, string Name);
