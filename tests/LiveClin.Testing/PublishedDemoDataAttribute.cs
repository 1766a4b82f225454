using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace LiveClin.Testing;

/// <summary>
/// A row for <see cref="GoldenSet.PublishedDemo"/> before these values; no row where the published demo does not lie beside the
/// repository, so that no golden test is ever skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PublishedDemoDataAttribute(params object[] values) : DataAttribute
{
    /// <summary>What follows the set.</summary>
    public IReadOnlyList<object> Values => values;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new(SharedData.IsPresent ? [new TheoryDataRow([GoldenSet.PublishedDemo, .. values])] : []);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
