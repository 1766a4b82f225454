using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a snapshot takes from its resource's annotations.</summary>
internal static class ResourceSnapshots
{
    public static CustomResourceSnapshot Initial(IResource resource) =>
        resource.Annotations.OfType<InitialStateAnnotation>().LastOrDefault()?.Snapshot is { } given
            ? given with { Relationships = given.Relationships.AddRange(Relationships(resource)) }
            : new CustomResourceSnapshot
            {
                ResourceType = TypeName(resource),
                Properties = [],
                CreationTimeStamp = DateTime.UtcNow,
                Relationships = [.. Relationships(resource)],
            };

    public static CustomResourceSnapshot WithPendingHealth(CustomResourceSnapshot snapshot, IResource resource) => snapshot with
    {
        HealthReports = [.. Checks(resource).Select(key => new HealthReportSnapshot(key, null, null, null))],
    };

    public static IEnumerable<string> Checks(IResource resource) => resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).Distinct();

    public static ImmutableArray<ResourceCommandSnapshot> Commands(IResource resource, CustomResourceSnapshot snapshot, IServiceProvider services) =>
        [.. resource.Annotations.OfType<CommandAnnotation>().Select(c => c.Snapshot(snapshot, services))];

    public static HealthReportSnapshot Report(string name, HealthReportEntry entry) =>
        new(name, entry.Status, entry.Description ?? entry.Exception?.Message, entry.Exception?.ToString()) { LastRunAt = DateTime.UtcNow };

    private static IEnumerable<RelationshipSnapshot> Relationships(IResource resource) =>
        resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct();

    private static string TypeName(IResource resource)
    {
        var name = resource.GetType().Name;
        return name.EndsWith("Resource", StringComparison.Ordinal) ? name[..^"Resource".Length] : name;
    }
}
