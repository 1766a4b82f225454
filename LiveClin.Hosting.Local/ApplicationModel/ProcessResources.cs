using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A program on this machine.</summary>
    public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource
    {
        /// <summary>Creates the resource; <paramref name="workingDirectory"/> is relative to the app host's folder.</summary>
        public ExecutableResource(string name, string command, string workingDirectory) : base(name)
        {
            ArgumentException.ThrowIfNullOrEmpty(command);
            ArgumentNullException.ThrowIfNull(workingDirectory);
            Annotations.Add(new ExecutableAnnotation { Command = command, WorkingDirectory = workingDirectory });
        }

        /// <summary>The program: a path, or a name found on PATH.</summary>
        public string Command => Annotations.OfType<ExecutableAnnotation>().Last().Command;

        /// <summary>The folder it starts in.</summary>
        public string WorkingDirectory => Annotations.OfType<ExecutableAnnotation>().Last().WorkingDirectory;
    }

    /// <summary>Program and folder of an <see cref="ExecutableResource"/>.</summary>
    public sealed class ExecutableAnnotation : IResourceAnnotation
    {
        /// <summary>The program.</summary>
        public required string Command { get; set; }

        /// <summary>The folder.</summary>
        public required string WorkingDirectory { get; set; }
    }

    /// <summary>A .NET project of this solution.</summary>
    public class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport, IComputeResource;

    /// <summary>A value that comes from configuration, perhaps a secret.</summary>
    public class ParameterResource : Resource, IExpressionValue
    {
        private readonly Func<ParameterDefault?, string> _callback;

        /// <summary>Creates a parameter whose value <paramref name="callback"/> finds, given the default.</summary>
        public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
        {
            _callback = callback;
            Secret = secret;
        }

        /// <summary>The value where configuration has none.</summary>
        public ParameterDefault? Default { get; set; }

        /// <summary>True when the value must not be shown.</summary>
        public bool Secret { get; }

        /// <summary>How a manifest refers to the value.</summary>
        public string ValueExpression => $"{{{Name}.value}}";

        /// <summary>The value.</summary>
        /// <exception cref="DistributedApplicationException">Configuration has no value.</exception>
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_callback(Default));
    }

    /// <summary>A value for a parameter that configuration does not give.</summary>
    public abstract class ParameterDefault
    {
        /// <summary>The value.</summary>
        public abstract string GetDefaultValue();
    }
}

namespace Aspire.Hosting
{
    /// <summary>Where a project of the solution lies; generated as <c>Projects.&lt;Name&gt;</c> for every referenced project.</summary>
    public interface IProjectMetadata : ApplicationModel.IResourceAnnotation
    {
        /// <summary>Full path of the project file.</summary>
        string ProjectPath { get; }

        /// <summary>True when the project was built together with the app host.</summary>
        bool SuppressBuild => false;
    }

    /// <summary>How a project becomes a resource.</summary>
    public class ProjectResourceOptions
    {
        /// <summary>Name of the launch profile to take; null for the first one.</summary>
        public string? LaunchProfileName { get; set; }

        /// <summary>True when launchSettings.json does not count.</summary>
        public bool ExcludeLaunchProfile { get; set; }

        /// <summary>True when the project's <c>Kestrel:Endpoints</c> do not become endpoints.</summary>
        public bool ExcludeKestrelEndpoints { get; set; }
    }
}
