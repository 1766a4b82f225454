using System.Globalization;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Supervision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>A resource's process as it will be started, and what of its environment may be shown.</summary>
internal sealed record ResolvedProcess(ProcessSpecification Specification, string Source, IReadOnlyList<EnvironmentVariableSnapshot> Shown);

/// <summary>Turns a resource's annotations into the process to start.</summary>
internal sealed class ProcessSpecifications(IDistributedApplicationBuilder builder, DistributedApplicationExecutionContext executionContext)
{
    private const string Masked = "********";

    // The app host's own addresses, settings and secrets are not the children's.
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_LAUNCH_PROFILE", "ASPIRE_", "DOTNET_DASHBOARD_", "Parameters__", "AppHost__", "Kestrel__", "OTEL_"];

    public async Task<ResolvedProcess> ResolveAsync(IResource resource, ILogger log, CancellationToken cancellationToken)
    {
        var values = new ValueProviderContext { ExecutionContext = executionContext, Caller = resource };
        var shown = new List<EnvironmentVariableSnapshot>();
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => NotInherited.Any(n => n.EndsWith('_') ? name.StartsWith(n, StringComparison.OrdinalIgnoreCase) : string.Equals(name, n, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in await EnvironmentAsync(resource, log, cancellationToken).ConfigureAwait(false))
        {
            environment[name] = await TextAsync(value, values, cancellationToken).ConfigureAwait(false);
            shown.Add(new EnvironmentVariableSnapshot(name, IsSecret(value) ? Masked : environment[name], IsFromSpec: true));
        }

        var arguments = new List<string>();
        foreach (var argument in await ArgumentsAsync(resource, log, cancellationToken).ConfigureAwait(false))
            arguments.Add(await TextAsync(argument, values, cancellationToken).ConfigureAwait(false) ?? "");
        var (program, leading, folder) = Program(resource, environment.GetValueOrDefault("PATH"));
        return new ResolvedProcess(new ProcessSpecification(program, [.. leading, .. arguments], folder, environment), leading.Length > 0 ? leading[0] : program, shown);
    }

    private async Task<Dictionary<string, object>> EnvironmentAsync(IResource resource, ILogger log, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>();
        if (resource.Annotations.OfType<TelemetryAnnotation>().Any()) TelemetryVariables.Add(variables, resource, builder.Configuration, builder.Environment);
        if (resource is ProjectResource) AddProjectVariables(variables, resource);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.EnvironmentVariable is not null))
            variables[endpoint.EnvironmentVariable!] = endpoint.AllocatedEndpoint!.TargetPortExpression!;
        var context = new EnvironmentCallbackContext(executionContext, resource, variables, cancellationToken) { Logger = log };
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray()) await callback.Callback(context).ConfigureAwait(false);
        return variables;
    }

    private async Task<List<object>> ArgumentsAsync(IResource resource, ILogger log, CancellationToken cancellationToken)
    {
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(arguments, resource, cancellationToken) { ExecutionContext = executionContext, Logger = log };
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray()) await callback.Callback(context).ConfigureAwait(false);
        return arguments;
    }

    private static void AddProjectVariables(Dictionary<string, object> variables, IResource resource)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https").ToList();
        foreach (var endpoint in endpoints.Where(e => e.KestrelKey is not null)) variables[$"Kestrel__Endpoints__{endpoint.KestrelKey}__Url"] = ListeningUrl(endpoint);
        if (endpoints.Count > 0 && endpoints.All(e => e.KestrelKey is null)) variables["ASPNETCORE_URLS"] = string.Join(';', endpoints.Select(ListeningUrl));
    }

    private static string ListeningUrl(EndpointAnnotation endpoint) => $"{endpoint.UriScheme}://{endpoint.TargetHost}:{endpoint.AllocatedEndpoint!.TargetPortExpression}";

    private static (string Program, string[] Leading, string Folder) Program(IResource resource, string? path)
    {
        if (resource is ExecutableResource executable)
        {
            if (!Directory.Exists(executable.WorkingDirectory)) throw new DistributedApplicationException($"its folder {executable.WorkingDirectory} does not exist.");
            return (Programs.Find(executable.Command, executable.WorkingDirectory, path)
                ?? throw new DistributedApplicationException($"the program '{executable.Command}' was not found{(executable.Command.Contains('/', StringComparison.Ordinal) ? "" : " on PATH")}, or is not executable."), [], executable.WorkingDirectory);
        }

        var projectPath = resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath;
        return (DotNet.Path, [ProjectOutput.Find(projectPath)], Path.GetDirectoryName(projectPath)!);
    }

    private static async ValueTask<string?> TextAsync(object value, ValueProviderContext context, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(context, cancellationToken).ConfigureAwait(false),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static bool IsSecret(object value) => value switch
    {
        Secret => true,
        ParameterResource parameter => parameter.Secret,
        IValueWithReferences holder => holder.References.Any(IsSecret),
        _ => false,
    };
}

/// <summary>Finds what a project was built to.</summary>
internal static class ProjectOutput
{
    /// <summary>The project's assembly of the same configuration and framework as the app host.</summary>
    public static string Find(string projectPath)
    {
        var name = Path.GetFileNameWithoutExtension(projectPath);
        var framework = $"net{Environment.Version.Major}.{Environment.Version.Minor}";
        var configuration = (Assembly.GetEntryAssembly() ?? typeof(ProjectOutput).Assembly).GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "bin", configuration, framework, name + ".dll");
        return File.Exists(file) ? file : throw new DistributedApplicationException($"{file} does not exist. Build the solution in the configuration {configuration} first.");
    }
}
