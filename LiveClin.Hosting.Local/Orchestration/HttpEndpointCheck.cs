using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Healthy when a plain HTTP/1.1 GET answers with one exact status within ten seconds.</summary>
internal sealed class HttpEndpointCheck(EndpointReference endpoint, string path, int expectedStatus) : IHealthCheck
{
    // Loopback never goes through a proxy, whatever the environment says.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated) return HealthCheckResult.Unhealthy($"The endpoint '{endpoint.EndpointName}' has no address yet.");
        var uri = new Uri(new Uri(endpoint.Url), path);
        try
        {
            using var response = await Client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode == expectedStatus
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{uri} answered with status {(int)response.StatusCode}, expected {expectedStatus}.");
        }
        catch (HttpRequestException e)
        {
            return HealthCheckResult.Unhealthy($"{uri}: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{uri} did not answer within {Client.Timeout.TotalSeconds:0} s.");
        }
    }
}
