using System.Net;
using System.Net.Http.Headers;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Datasets;

/// <summary>Requests to the hub: authorisation, redirects, and what its status codes mean.</summary>
internal sealed class HubHttp(HubSettings settings) : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HttpClient _direct = Create(useProxy: false);
    private readonly HttpClient _proxied = Create(useProxy: true);

    /// <summary>Gets an address; the answer's status is 200, 206 or 416.</summary>
    /// <param name="address">The address.</param>
    /// <param name="from">First byte wanted, 0 for everything.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<HttpResponseMessage> GetAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendAsync(address, from, cancellationToken);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
                return response;
            using (response)
            {
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                    throw Failure(response, address);
                if (redirects == MaxRedirects) throw new HubException($"{Shown(address)} redirects more than {MaxRedirects} times.");
                var next = new Uri(address, location);
                if (next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme == "http"))
                    throw new HubException($"{Shown(address)} redirects to an address that is not safe to follow ({next.Scheme}).");
                address = next;
            }
        }
    }

    /// <summary>An address as it may be shown: the query of a redirect's target may hold a signature.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    public void Dispose()
    {
        _direct.Dispose();
        _proxied.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(
            new ProductInfoHeaderValue("LiveClin-Aspire", typeof(HubHttp).Assembly.GetName().Version?.ToString(3)));
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        settings.Authorize(request);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(settings.Patience);
        try
        {
            // Loopback never goes through a proxy, whatever the environment says.
            return await (address.IsLoopback ? _direct : _proxied)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubTransientException($"{address.Host} did not answer for {settings.Patience.TotalSeconds:F0} s");
        }
        catch (HttpRequestException e)
        {
            throw new HubTransientException($"{address.Host} cannot be reached: {e.Message}");
        }
    }

    private Exception Failure(HttpResponseMessage response, Uri address)
    {
        var status = (int)response.StatusCode;
        if (status is 408 or 425 or 429 or >= 500)
            return new HubTransientException($"{address.Host} answered {status} {response.ReasonPhrase}", RetryAfter(response));
        var page = $"{settings.Endpoint}datasets/{settings.Repository}";
        return status switch
        {
            401 when settings.HasToken =>
                new HubException($"The hub does not accept the token in HF_TOKEN (401). Make one that may read {settings.Repository}, or unset it if the dataset is public.", isSetup: true),
            401 => new HubException(
                $"The hub wants a login for {settings.Repository} (401), which is also its answer when no such dataset exists. Set HF_TOKEN to a token that may read it.", isSetup: true),
            403 => new HubException(
                $"The hub refuses access to {settings.Repository} (403). Accept the dataset's conditions at {page} with the account of HF_TOKEN.", isSetup: true),
            404 => new HubNotFoundException($"The hub has no {Shown(address)} (404)."),
            _ => new HubException($"{Shown(address)} answered {status} {response.ReasonPhrase}."),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static HttpClient Create(bool useProxy) => new(new SocketsHttpHandler
    {
        UseProxy = useProxy,
        Proxy = useProxy ? EnvironmentProxy.OfProcess : null,
        AllowAutoRedirect = false, // redirects are followed here, without the token when they leave the hub
        AutomaticDecompression = DecompressionMethods.None, // ranges and hashes are of the bytes as stored
        ConnectTimeout = TimeSpan.FromSeconds(30),
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
