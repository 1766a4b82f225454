using System.Net.Http.Headers;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Services;

/// <summary>The token that the services ask for, drawn or configured here and handed to them.</summary>
internal static class AccessExtensions
{
    private const string ParameterName = "access-token";

    /// <summary>
    /// Hands the token to a service; a secret parameter, so that neither the dashboard nor a deployment's description shows it.
    /// </summary>
    public static IResourceBuilder<ServiceResource> WithAccess(this IResourceBuilder<ServiceResource> service, SweepSettings settings)
    {
        if (settings.AccessToken is not { } token) return service.WithEnvironment("LiveClin__Access__Anonymous", "true");
        var builder = service.ApplicationBuilder;
        var known = builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == ParameterName);
        var parameter = known is null
            ? builder.AddParameter(ParameterName, token, publishValueAsDefault: false, secret: true) : builder.CreateResourceBuilder(known);
        return service.WithEnvironment("LiveClin__Access__Token", parameter);
    }

    /// <summary>A link to a page that lets its reader in.</summary>
    public static string Link(this SweepSettings settings, string url) => settings.AccessToken is not { } token ? url
        : $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}t={Uri.EscapeDataString(token)}";
}

/// <summary>Shows the token with every call.</summary>
internal sealed class TokenHandler(string? token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancellationToken);
    }
}
