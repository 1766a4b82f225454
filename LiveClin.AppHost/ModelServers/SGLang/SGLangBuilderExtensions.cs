using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>Adds SGLang servers.</summary>
internal static class SGLangBuilderExtensions
{
    /// <summary>Adds a server for a model; it starts on command and is healthy when a one-token generation succeeds (its <c>/health</c>).</summary>
    public static IResourceBuilder<SGLangResource> AddSGLang(this IDistributedApplicationBuilder builder, string name, ModelSettings model) =>
        builder.AddResource(new SGLangResource(name, builder.AppHostDirectory, model)).WithLaunchTemplate();
}
