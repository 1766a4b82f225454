using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>Sends the published request and classifies what comes back.</summary>
/// <remarks>The body's parameters are fixed per client: they are part of the run's specification. <see cref="ChatOptions"/> only carries them to the telemetry.</remarks>
internal sealed class WireChatClient(ModelConnection connection, ModelEndpoint endpoint, RequestBody body, TimeSpan timeout) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.GetTimestamp();
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(timeout);
        try
        {
            using var content = body.Create(messages);
            var reply = await connection.CompleteChatAsync(content, attempt.Token).ConfigureAwait(false);
            if (reply.Status != 200) throw HttpFailure(reply);
            return ChatReply.Parse(reply.Body).ToChatResponse();
        }
        catch (ModelCallException failure)
        {
            // The failure itself is not kept as the cause: its message may hold the key, and logs print causes.
            throw Describe(failure.Kind, failure.Scope, failure.Message, failure.InnerException, failure);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Describe("timeout", FailureScope.Transient, $"No reply within {timeout.TotalSeconds:0} s.", error);
        }
        catch (Exception error) when (HttpFailures.IsFailure(error))
        {
            throw Describe(HttpFailures.KindOf(error), FailureScope.Transient, HttpFailures.Explain(error), error);
        }

        ModelCallException Describe(string kind, FailureScope scope, string message, Exception? cause, ModelCallException? known = null) => new(kind, scope, ErrorText.Redact(message, endpoint.ApiKey), cause)
        {
            Duration = Stopwatch.GetElapsedTime(clock),
            RetryAfter = known?.RetryAfter,
            FinishReason = known?.FinishReason,
        };
    }

    /// <summary>The whole reply, as one update: the published protocol does not stream.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    /// <summary>Metadata for the telemetry, and the SDK's client.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        if (serviceKey is null && serviceType.IsInstanceOfType(this)) return this;
        return connection.Chat.AsIChatClient().GetService(serviceType, serviceKey);
    }

    public void Dispose()
    {
        // the connection's HttpClient is the factory's
    }

    private static ModelCallException HttpFailure(HttpReply reply)
    {
        var body = Encoding.UTF8.GetString(reply.Body.Span);
        var text = ErrorText.Shorten(body);
        if (body.Contains("content_filter", StringComparison.Ordinal))
            return new ModelCallException("content_filter", FailureScope.Question, text);
        var scope = reply.Status switch
        {
            401 or 403 or 404 => FailureScope.Run,
            408 or 409 or 425 or 429 or >= 500 => FailureScope.Transient,
            _ => FailureScope.Question,
        };
        return new ModelCallException($"http_{reply.Status}", scope, $"HTTP {reply.Status}: {(text.Length > 0 ? text : "no further text")}")
        {
            RetryAfter = HttpFailures.RetryAfter(reply.RetryAfter),
        };
    }
}
