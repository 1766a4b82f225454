namespace LiveClin.AppHost.Services;

/// <summary>
/// One of this solution's services, run as its built program: healthy after a second and gone at once, where the <c>dotnet run</c> that
/// Aspire puts around a project costs seven seconds at the start, twelve at the end and 90 MB (docs/design/app-host.md).
/// </summary>
internal sealed class ServiceResource(string name, ServiceProgram program)
    : ExecutableResource(name, "dotnet", program.Folder), IResourceWithServiceDiscovery
{
    /// <summary>What is run, and the project that it comes from.</summary>
    public ServiceProgram Program { get; } = program;
}
