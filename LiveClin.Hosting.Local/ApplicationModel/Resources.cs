using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Something that the application consists of: a process, a parameter, or anything that publishes states.</summary>
    public interface IResource
    {
        /// <summary>Name, unique in the application without regard to case.</summary>
        string Name { get; }

        /// <summary>Everything that was said about the resource.</summary>
        ResourceAnnotationCollection Annotations { get; }
    }

    /// <summary>A fact about a resource.</summary>
    public interface IResourceAnnotation;

    /// <summary>The facts about one resource, in the order in which they were added.</summary>
    public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

    /// <summary>What becomes of earlier annotations of the same type.</summary>
    public enum ResourceAnnotationMutationBehavior
    {
        /// <summary>They stay.</summary>
        Append = 0,

        /// <summary>They are removed.</summary>
        Replace = 1,
    }

    /// <summary>Base of resources.</summary>
    public abstract class Resource : IResource
    {
        /// <summary>Creates a resource; the name is 1–64 ASCII letters, digits and single hyphens, and begins with a letter.</summary>
        protected Resource(string name)
        {
            ModelNames.Validate(name, "Resource");
            Name = name;
        }

        /// <inheritdoc />
        public string Name { get; }

        /// <inheritdoc />
        public ResourceAnnotationCollection Annotations { get; } = [];
    }

    /// <summary>A resource that listens.</summary>
    public interface IResourceWithEndpoints : IResource;

    /// <summary>A resource that takes environment variables.</summary>
    public interface IResourceWithEnvironment : IResource;

    /// <summary>A resource that takes command-line arguments.</summary>
    public interface IResourceWithArgs : IResource;

    /// <summary>A resource whose start can wait for others.</summary>
    public interface IResourceWithWaitSupport : IResource;

    /// <summary>A resource shown below another.</summary>
    public interface IResourceWithParent : IResource
    {
        /// <summary>The resource above.</summary>
        IResource Parent { get; }
    }

    /// <summary>A resource shown below another of a known type.</summary>
    public interface IResourceWithParent<T> : IResourceWithParent where T : IResource
    {
        /// <summary>The resource above.</summary>
        new T Parent { get; }

        IResource IResourceWithParent.Parent => Parent;
    }

    /// <summary>A resource that has no process and no states of its own.</summary>
    public interface IResourceWithoutLifetime : IResource;

    /// <summary>A resource that computes: a process or a container.</summary>
    public interface IComputeResource : IResource;

    /// <summary>A resource that others reach through a connection string.</summary>
    public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
    {
        /// <summary>The connection string as an expression.</summary>
        ReferenceExpression ConnectionStringExpression { get; }

        /// <summary>Name of the variable that carries it, or null for <c>ConnectionStrings__&lt;name&gt;</c>.</summary>
        string? ConnectionStringEnvironmentVariable => null;

        /// <summary>Parts of the connection string by name, for consumers that want them apart.</summary>
        IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

        /// <summary>The connection string's value.</summary>
        ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);

        string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

        ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);

        IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];
    }

    /// <summary>The application's resources.</summary>
    public interface IResourceCollection : IList<IResource>
    {
        /// <summary>Finds a resource by name, without regard to case.</summary>
        bool TryGetByName(string name, [NotNullWhen(true)] out IResource? resource);
    }

    internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection
    {
        public ResourceCollection() { }

        public ResourceCollection(IEnumerable<IResource> resources) : base([.. resources]) { }

        public bool TryGetByName(string name, [NotNullWhen(true)] out IResource? resource)
        {
            resource = this.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));
            return resource is not null;
        }
    }

    /// <summary>The application as built: its resources.</summary>
    public class DistributedApplicationModel
    {
        /// <summary>Wraps a collection.</summary>
        public DistributedApplicationModel(IResourceCollection resources) => Resources = resources;

        /// <summary>Copies a sequence.</summary>
        public DistributedApplicationModel(IEnumerable<IResource> resources) => Resources = new ResourceCollection(resources);

        /// <summary>The resources, in the order in which they were added.</summary>
        public IResourceCollection Resources { get; }
    }

    internal static class ModelNames
    {
        public static void Validate(string name, string target)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            if (name.Length > 64)
                throw new ArgumentException($"{target} name '{name}' is invalid: it is longer than 64 characters.", nameof(name));
            if (!char.IsAsciiLetter(name[0]))
                throw new ArgumentException($"{target} name '{name}' is invalid: it must begin with an ASCII letter.", nameof(name));
            if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
                throw new ArgumentException($"{target} name '{name}' is invalid: only ASCII letters, digits and hyphens are allowed.", nameof(name));
            if (name.EndsWith('-') || name.Contains("--", StringComparison.Ordinal))
                throw new ArgumentException($"{target} name '{name}' is invalid: no hyphen at the end and no two in a row.", nameof(name));
        }
    }
}

namespace Aspire.Hosting
{
    /// <summary>A resource whose endpoints are found by name.</summary>
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
}
