using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Transport;

/// <summary>A server's answer to an HTTP request, whatever its status.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The whole body.</param>
/// <param name="RetryAfter">The Retry-After header, if there is one.</param>
internal sealed record HttpReply(int Status, ReadOnlyMemory<byte> Body, string? RetryAfter);

/// <summary>How requests reach a model's server. Nothing is tried again and no redirect followed here.</summary>
internal interface IModelTransport : IDisposable
{
    /// <summary><c>GET {base}/models</c>.</summary>
    /// <exception cref="HttpRequestException">The server was not reached, hung up, or does not speak HTTP.</exception>
    Task<HttpReply> ListModelsAsync(CancellationToken cancellationToken);

    /// <summary><c>POST {base}/chat/completions</c>.</summary>
    /// <exception cref="HttpRequestException">The server was not reached, hung up, or does not speak HTTP.</exception>
    Task<HttpReply> CompleteChatAsync(SegmentedBody body, CancellationToken cancellationToken);
}
