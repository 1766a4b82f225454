using System.Net.Http.Headers;

namespace LiveClin.Testing;

/// <summary>Calls on loopback that show a token.</summary>
/// <param name="token">The token; null for none.</param>
public sealed class BearerHandler(string? token) : DelegatingHandler(new SocketsHttpHandler
{
    UseProxy = false,
    AllowAutoRedirect = false,
    UseCookies = false,
})
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancellationToken);
    }
}
