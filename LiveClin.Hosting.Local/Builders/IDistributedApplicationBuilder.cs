using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting
{
    /// <summary>Describes a distributed application.</summary>
    public interface IDistributedApplicationBuilder
    {
        /// <summary>Configuration of the app host: appsettings.json, environment variables, command line.</summary>
        ConfigurationManager Configuration { get; }

        /// <summary>Folder of the app host's project; relative paths start there.</summary>
        string AppHostDirectory { get; }

        /// <summary>The app host's assembly.</summary>
        Assembly? AppHostAssembly { get; }

        /// <summary>Name of the environment and the content root.</summary>
        IHostEnvironment Environment { get; }

        /// <summary>Services of the app host itself.</summary>
        IServiceCollection Services { get; }

        /// <summary>Events of the application.</summary>
        IDistributedApplicationEventing Eventing { get; }

        /// <summary>Run or publish.</summary>
        DistributedApplicationExecutionContext ExecutionContext { get; }

        /// <summary>The resources so far.</summary>
        IResourceCollection Resources { get; }

        /// <summary>Adds a resource.</summary>
        /// <exception cref="DistributedApplicationException">There is one of that name.</exception>
        IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

        /// <summary>Ends the description.</summary>
        DistributedApplication Build();

        /// <summary>A builder for a resource that is not added.</summary>
        IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;
    }

    /// <summary>What the application is built for.</summary>
    public enum DistributedApplicationOperation
    {
        /// <summary>To run here.</summary>
        Run = 0,

        /// <summary>To be described for a deployment.</summary>
        Publish = 1,
    }

    /// <summary>Says what the application is built for.</summary>
    public class DistributedApplicationExecutionContext
    {
        /// <summary>Creates the context.</summary>
        public DistributedApplicationExecutionContext(DistributedApplicationOperation operation) => Operation = operation;

        /// <summary>Run or publish.</summary>
        public DistributedApplicationOperation Operation { get; }

        /// <summary>True for publish.</summary>
        public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

        /// <summary>True for run.</summary>
        public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

        /// <summary>The application's services, once it is built.</summary>
        public IServiceProvider Services => Provider ?? throw new InvalidOperationException("The application has not been built yet.");

        internal IServiceProvider? Provider { get; set; }
    }

    /// <summary>How an application is created.</summary>
    public sealed class DistributedApplicationOptions
    {
        /// <summary>Command line.</summary>
        public string[]? Args { get; set; }

        /// <summary>Name of the app host's assembly; null for the entry assembly.</summary>
        public string? AssemblyName { get; set; }

        /// <summary>True to run without the dashboard.</summary>
        public bool DisableDashboard { get; set; }

        /// <summary>Folder of the app host's project; null for what the build recorded.</summary>
        public string? ProjectDirectory { get; set; }

        /// <summary>Name of the application in the dashboard.</summary>
        public string? DashboardApplicationName { get; set; }

        /// <summary>True to allow http between the dashboard and others; here everything is on loopback anyway.</summary>
        public bool AllowUnsecuredTransport { get; set; }
    }

    /// <summary>The description is wrong, or the application cannot run as described.</summary>
    public class DistributedApplicationException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public DistributedApplicationException() { }

        /// <summary>Creates the exception.</summary>
        public DistributedApplicationException(string message) : base(message) { }

        /// <summary>Creates the exception.</summary>
        public DistributedApplicationException(string message, Exception inner) : base(message, inner) { }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Describes one resource.</summary>
    public interface IResourceBuilder<out T> where T : IResource
    {
        /// <summary>The application's builder.</summary>
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        /// <summary>The resource.</summary>
        T Resource { get; }

        /// <summary>Adds an annotation.</summary>
        IResourceBuilder<T> WithAnnotation<TAnnotation>(ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append) where TAnnotation : IResourceAnnotation, new() => WithAnnotation(new TAnnotation(), behavior);

        /// <summary>Adds an annotation.</summary>
        IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append) where TAnnotation : IResourceAnnotation;
    }

    internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder application, T resource) : IResourceBuilder<T> where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder { get; } = application;

        public T Resource { get; } = resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append) where TAnnotation : IResourceAnnotation
        {
            if (behavior == ResourceAnnotationMutationBehavior.Replace)
            {
                foreach (var earlier in Resource.Annotations.OfType<TAnnotation>().ToArray()) Resource.Annotations.Remove(earlier);
            }

            Resource.Annotations.Add(annotation);
            return this;
        }
    }
}
