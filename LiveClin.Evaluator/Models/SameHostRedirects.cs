using System.Net;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Follows a redirect that keeps the method (307, 308) on the same scheme, host and port. Any other goes back to the caller: the key must
/// not travel to a host that the user has not named.
/// </summary>
internal sealed class SameHostRedirects(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int Most = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var followed = 0; ; followed++)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var found = followed == Most ? null : Target(request.RequestUri!, response.StatusCode, response.Headers.Location);
            if (found is not { } target) return response;
            response.Dispose();
            request.RequestUri = target;
        }
    }

    /// <summary>True for a redirect that is followed, unless too many came before it.</summary>
    /// <param name="status">The reply's status.</param>
    /// <param name="asked">An address on the server that was asked.</param>
    /// <param name="location">Where it redirects to; null when it does not say.</param>
    public static bool IsFollowed(int status, Uri asked, string? location) =>
        location is not null && Uri.TryCreate(location, UriKind.RelativeOrAbsolute, out var to)
        && Target(asked, (HttpStatusCode)status, to) is not null;

    private static Uri? Target(Uri asked, HttpStatusCode status, Uri? location)
    {
        if (status is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || location is null) return null;
        var target = new Uri(asked, location);
        return Uri.Compare(asked, target, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            ? target : null;
    }
}
