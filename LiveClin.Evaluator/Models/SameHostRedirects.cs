using System.Net;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Follows a redirect that keeps the method (307, 308) on the same scheme, host and port. Any other goes back to the caller: the key must not
/// travel to a host that the user has not named.
/// </summary>
internal sealed class SameHostRedirects(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int Most = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var followed = 0; ; followed++)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (followed == Most || Target(request.RequestUri!, response) is not { } target) return response;
            response.Dispose();
            request.RequestUri = target;
        }
    }

    private static Uri? Target(Uri asked, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location) return null;
        var target = new Uri(asked, location);
        return Uri.Compare(asked, target, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0 ? target : null;
    }
}
