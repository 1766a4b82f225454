using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>What a project's own files say: endpoints from <c>Kestrel:Endpoints</c>, else from the launch profile, and the profile's variables.</summary>
internal static class ProjectDefaults
{
    public static void Apply(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        var folder = Path.GetDirectoryName(project.Resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath)!;
        var profile = options.ExcludeLaunchProfile ? null : LaunchProfile.Read(folder, options.LaunchProfileName);
        if (profile is not null)
        {
            project.WithEnvironment(context =>
            {
                context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
                foreach (var (name, value) in profile.Environment) context.EnvironmentVariables.TryAdd(name, value);
            });
        }

        if (options.ExcludeKestrelEndpoints || !AddKestrelEndpoints(project, folder))
        {
            foreach (var url in profile?.Urls ?? []) project.WithEndpoint(url.Scheme, e => Set(e, url));
        }
    }

    private static bool AddKestrelEndpoints(IResourceBuilder<ProjectResource> project, string folder)
    {
        var environment = project.ApplicationBuilder.Environment.EnvironmentName;
        using var settings = new ConfigurationManager();
        settings.SetBasePath(folder).AddJsonFile("appsettings.json", optional: true).AddJsonFile($"appsettings.{environment}.json", optional: true);
        var endpoints = settings.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(e => Uri.TryCreate(e["Url"]?.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out _))
            .Select(e => (e.Key, Url: new Uri(e["Url"]!.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)), Protocols: e["Protocols"] ?? settings["Kestrel:EndpointDefaults:Protocols"]))
            .ToList();
        foreach (var (key, url, protocols) in endpoints)
        {
            // One endpoint of a scheme is named by the scheme, several by their keys.
            var name = endpoints.Count(e => e.Url.Scheme == url.Scheme) > 1 ? key : url.Scheme;
            project.WithEndpoint(name, e =>
            {
                Set(e, url);
                e.KestrelKey = key;
                if (string.Equals(protocols, "Http2", StringComparison.OrdinalIgnoreCase)) e.Transport = "http2";
            });
        }

        return endpoints.Count > 0;
    }

    private static void Set(EndpointAnnotation endpoint, Uri url)
    {
        endpoint.UriScheme = url.Scheme;
        endpoint.Transport = "http";
        endpoint.Port = url.Port > 0 && !url.IsDefaultPort ? url.Port : null;
    }
}

/// <summary>A profile of a project's launchSettings.json.</summary>
internal sealed record LaunchProfile(string Name, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<Uri> Urls)
{
    public static LaunchProfile? Read(string folder, string? name)
    {
        var file = Path.Combine(folder, "Properties", "launchSettings.json");
        if (!File.Exists(file)) return null;
        using var document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!document.RootElement.TryGetProperty("profiles", out var profiles)) return null;
        var profile = profiles.EnumerateObject().FirstOrDefault(p => name is null ? Text(p.Value, "commandName") == "Project" : p.Name == name);
        if (profile.Value.ValueKind != JsonValueKind.Object) return null;
        var environment = profile.Value.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString() ?? "")
            : [];
        var urls = (Text(profile.Value, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new LaunchProfile(profile.Name, environment, [.. urls.Select(u => new Uri(u)).Where(u => u.Scheme == "http")]);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
