using System.Buffers;
using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace LiveClin.Evaluator.Models;

/// <summary>A server's answer to an HTTP request, whatever its status.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The whole body.</param>
/// <param name="RetryAfter">How long the server asks to wait, if it does.</param>
/// <param name="Location">Where it redirects to.</param>
/// <param name="Proxy">The proxy on the way, which may have answered in the server's place.</param>
internal sealed record HttpReply(int Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null, string? Location = null,
    string? Proxy = null)
{
    /// <summary>True when the body is what was asked for: some gateways say 201 (made) for a reply. A part of one (206) is none.</summary>
    public bool IsSuccess => Status is >= 200 and < 300 and not 206;

    /// <summary>What the server says of its limits; null when nothing.</summary>
    public RateLimits? Limits { get; init; }

    /// <summary>True for the last of several redirects on the server itself, which lead nowhere.</summary>
    public bool IsCircle { get; init; }
}

/// <summary>
/// Requests to a model's server through the OpenAI SDK's protocol methods. Nothing is tried again here.
/// A request that gets no HTTP reply fails with what <see cref="HttpFailures.IsFailure"/> knows.
/// </summary>
internal sealed class ModelConnection
{
    // Servers without keys still get a header: the SDK insists on a credential.
    private const string NoKey = "none";

    // Compressed, and by the next one on the way once more.
    private const int MostPacked = 2;

    private readonly ChatClient _chat;
    private readonly OpenAIModelClient _models;
    private readonly ClientPipeline _pipeline;
    private readonly Uri _base;
    private readonly string? _proxy;
    private readonly ReplyLimits _limits;

    /// <param name="endpoint">The server.</param>
    /// <param name="http">Carries the requests; stays the caller's.</param>
    /// <param name="proxy">The proxy on the way, as it may be shown; null for none.</param>
    /// <param name="limits">How much of its replies is read; null for the usual.</param>
    /// <exception cref="ArgumentException">The key cannot travel in a header: a line end in it would begin another one.</exception>
    public ModelConnection(ModelEndpoint endpoint, HttpClient http, string? proxy = null, ReplyLimits? limits = null)
    {
        (_proxy, _limits) = (proxy, limits ?? new ReplyLimits(ReplyLimits.DefaultBytes));
        if (ModelEndpoint.ProblemOf(endpoint.ApiKey) is { } problem)
            throw new ArgumentException($"The API key {problem}", nameof(endpoint));
        var credential = new ApiKeyCredential(string.IsNullOrEmpty(endpoint.ApiKey) ? NoKey : endpoint.ApiKey);
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(endpoint.BaseUrl.GetLeftPart(UriPartial.Path)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(http),
        };
        options.AddPolicy(new AddressPolicy(endpoint.BaseUrl, endpoint.ApiKey), PipelinePosition.BeforeTransport);
        var client = new OpenAIClient(credential, options);
        (_chat, _models) = (client.GetChatClient(endpoint.ApiId), client.GetOpenAIModelClient());
        (_pipeline, _base) = (client.Pipeline, options.Endpoint);
    }

    /// <summary>The SDK's client, for what it says of itself.</summary>
    public ChatClient Chat => _chat;

    /// <summary><c>GET {base}/models</c>.</summary>
    public async Task<HttpReply> ListModelsAsync(CancellationToken cancellationToken) =>
        await ReadAsync(await _models.GetModelsAsync(Options(cancellationToken)).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);

    /// <summary><c>POST {base}/chat/completions</c>.</summary>
    public async Task<HttpReply> CompleteChatAsync(BinaryContent body, CancellationToken cancellationToken) =>
        await ReadAsync(await _chat.CompleteChatAsync(body, Options(cancellationToken)).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Any other call below the base address.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="call">The path below the base address.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="query">The query; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HttpReply> SendAsync(
        string method, string call, BinaryContent? content, string? contentType, string? query, CancellationToken cancellationToken) =>
        await ReadAsync(await RespondAsync(method, call, content, contentType, query, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);

    /// <summary><c>GET {base}/{call}</c>, whose body the caller reads as it comes and disposes of.</summary>
    /// <exception cref="ModelCallException">The status is not 200.</exception>
    public async Task<PipelineResponse> OpenAsync(string call, CancellationToken cancellationToken)
    {
        var response = await RespondAsync("GET", call, null, null, null, cancellationToken).ConfigureAwait(false);
        return response.Status == 200
            ? response : throw FailureRules.OfHttp(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
    }

    private async Task<PipelineResponse> RespondAsync(
        string method, string call, BinaryContent? content, string? contentType, string? query, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri = new UriBuilder(_base) { Path = $"{_base.AbsolutePath.TrimEnd('/')}/{call}", Query = query ?? "" }.Uri;
        if (content is not null)
        {
            message.Request.Content = content;
            message.Request.Headers.Set("Content-Type", contentType!);
        }

        message.Apply(Options(cancellationToken));
        await _pipeline.SendAsync(message).ConfigureAwait(false);
        return message.ExtractResponse()!;
    }

    // The SDK would buffer a body of any length.
    private static RequestOptions Options(CancellationToken cancellationToken) =>
        new() { CancellationToken = cancellationToken, ErrorOptions = ClientErrorBehaviors.NoThrow, BufferResponse = false };

    private Task<HttpReply> ReadAsync(ClientResult result, CancellationToken cancellationToken) =>
        ReadAsync(result.GetRawResponse(), cancellationToken);

    private async Task<HttpReply> ReadAsync(PipelineResponse opened, CancellationToken cancellationToken)
    {
        using var response = opened;
        using var reading = _limits.Begin();
        var body = response.ContentStream is { } stream
            ? await ReadAllAsync(stream, reading, response.Status, cancellationToken).ConfigureAwait(false) : ReadOnlyMemory<byte>.Empty;
        // Some compress always, and do not say so, or say x-gzip, which .NET does not know.
        for (var packed = 0; packed < MostPacked && PackedReply.Unpack(body) is { } unpacked; packed++)
        {
            try
            {
                body = await ReadAllAsync(unpacked, reading, response.Status, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException)
            {
                break; // what the status says counts all the same
            }
        }

        var wait = response.Status == 200 ? null : ServerWait.Of(response.Headers, DateTimeOffset.UtcNow, response.Status == 429);
        var text = ReplyJson.ToUtf8(body);
        var location = response.Headers.TryGetValue("Location", out var to) ? to : null;
        return new HttpReply(response.Status, text, wait, location, _proxy)
        {
            IsCircle = SameHostRedirects.IsFollowed(response.Status, _base, location),
            Limits = RateLimits.Of(response.Headers, DateTimeOffset.UtcNow),
        };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(
        Stream opened, ReplyLimits.Reading reading, int status, CancellationToken cancellationToken)
    {
        await using var stream = opened.ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>();
        while (await ReadAsync(opened, body.GetMemory(4096), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            body.Advance(read);
            if (reading.Add(read) is { } why) throw TooLong(status, why);
        }

        return body.WrittenMemory;
    }

    private static async Task<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        // .NET's words for gzip are of zip archives, and for Brotli of a decoder.
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException and not ObjectDisposedException)
        {
            throw new InvalidDataException($"{ServerError.Compressed} ({error.Message.TrimEnd('.')}).");
        }
    }

    private static ModelCallException TooLong(int status, string why) => new(
        "reply_too_long", FailureScope.Question,
        $"The server's reply (HTTP {status}) {why}; the rest was not read. --max-reply-bytes, or the setting MaxReplyBytes, says how much is.");
}
