using System.Globalization;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Makes failures below HTTP of what .NET and the SDK take for something else: a connection that does not come about looks like a reply
/// that does not come, and what neither of them knows like a mistake of this program, which would end the run.
/// </summary>
/// <param name="inner">Sends the requests.</param>
/// <param name="connecting">Longest wait for a connection, as <paramref name="inner"/> has it.</param>
internal sealed class TransportFailures(HttpMessageHandler inner, TimeSpan connecting) : DelegatingHandler(inner)
{
    private const int First = 100, FirstUnknown = 600;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
            when (error.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError,
                string.Create(CultureInfo.InvariantCulture, $"No connection within {connecting.TotalSeconds:0.#} s"));
        }
        catch (NotSupportedException error)
        {
            throw new HttpRequestException(HttpRequestError.ProxyTunnelError,
                $"The proxy that HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names cannot be used: {error.Message}");
        }

        if ((int)response.StatusCode is >= First and < FirstUnknown) return response;
        var status = (int)response.StatusCode;
        response.Dispose();
        throw new HttpRequestException(
            HttpRequestError.InvalidResponse, $"The server answers with the status {status}, which HTTP has not.");
    }
}
