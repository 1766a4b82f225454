using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using LiveClin.Evaluator.Models;
using OpenAI;
using OpenAI.Chat;

namespace LiveClin.Evaluator.Transport;

/// <summary>
/// Through the OpenAI SDK's protocol method and <see cref="HttpClient"/>: for every address, with TLS and proxies, and with a span
/// for each HTTP request.
/// </summary>
internal sealed class SdkTransport : IModelTransport
{
    // Servers without keys still get a header: the SDK insists on a credential.
    public const string NoKey = "none";

    private readonly ModelEndpoint _endpoint;
    private readonly HttpClient _http;

    /// <param name="endpoint">The server.</param>
    /// <param name="http">Carries the requests; stays the caller's.</param>
    public SdkTransport(ModelEndpoint endpoint, HttpClient http)
    {
        (_endpoint, _http) = (endpoint, http);
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint.BaseUrl,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(http),
        };
        Client = new ChatClient(endpoint.ApiId, new ApiKeyCredential(string.IsNullOrEmpty(endpoint.ApiKey) ? NoKey : endpoint.ApiKey), options);
    }

    /// <summary>The SDK's client.</summary>
    public ChatClient Client { get; }

    public async Task<HttpReply> ListModelsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _endpoint.BaseUrl.ToString().TrimEnd('/') + "/models");
        if (_endpoint.ApiKey is { Length: > 0 } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return new HttpReply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), null);
    }

    public async Task<HttpReply> CompleteChatAsync(SegmentedBody body, CancellationToken cancellationToken)
    {
        using var content = new Content(body);
        var request = new RequestOptions { CancellationToken = cancellationToken, ErrorOptions = ClientErrorBehaviors.NoThrow };
        var result = await Client.CompleteChatAsync(content, request).ConfigureAwait(false);
        using var response = result.GetRawResponse();
        return new HttpReply(response.Status, response.Content.ToMemory(), response.Headers.TryGetValue("Retry-After", out var value) ? value : null);
    }

    public void Dispose()
    {
    }

    private sealed class Content(SegmentedBody body) : BinaryContent
    {
        public override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }

        public override void WriteTo(Stream stream, CancellationToken cancellationToken = default)
        {
            foreach (var segment in body.Segments)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stream.Write(segment);
            }
        }

        public override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
        {
            foreach (var segment in body.Segments) await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
        }

        public override void Dispose()
        {
        }
    }
}
