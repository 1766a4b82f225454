using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Sends the published request through the OpenAI SDK's protocol method and classifies what comes back. Everything that is not
/// a chat completion (metadata, services) is the client that Microsoft.Extensions.AI.OpenAI makes of the SDK's.
/// </summary>
/// <remarks>The body's parameters are fixed per client: they are part of the run's specification. <see cref="ChatOptions"/> only carries them to the telemetry.</remarks>
internal sealed class WireChatClient(ChatClient sdk, RequestBody body, TimeSpan timeout, string? secret) : DelegatingChatClient(sdk.AsIChatClient())
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.GetTimestamp();
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(timeout);
        try
        {
            using var content = body.Create(messages);
            var request = new RequestOptions { CancellationToken = attempt.Token, ErrorOptions = ClientErrorBehaviors.NoThrow };
            var result = await sdk.CompleteChatAsync(content, request).ConfigureAwait(false);
            using var response = result.GetRawResponse();
            if (response.Status != 200) throw HttpFailure(response);
            return ChatReply.Parse(response.Content.ToMemory()).ToChatResponse();
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
        catch (Exception error) when (error is HttpRequestException or IOException or ClientResultException)
        {
            throw Describe(HttpFailures.KindOf(error), FailureScope.Transient, HttpFailures.Explain(error), error);
        }

        ModelCallException Describe(string kind, FailureScope scope, string message, Exception? cause, ModelCallException? known = null) => new(kind, scope, ErrorText.Redact(message, secret), cause)
        {
            Duration = Stopwatch.GetElapsedTime(clock),
            RetryAfter = known?.RetryAfter,
            FinishReason = known?.FinishReason,
        };
    }

    private static ModelCallException HttpFailure(PipelineResponse response)
    {
        var text = ErrorText.Shorten(Encoding.UTF8.GetString(response.Content.ToMemory().Span));
        var status = response.Status;
        if (text.Contains("content_filter", StringComparison.Ordinal))
            return new ModelCallException("content_filter", FailureScope.Question, text);
        var scope = status switch
        {
            401 or 403 or 404 => FailureScope.Run,
            408 or 409 or 425 or 429 or >= 500 => FailureScope.Transient,
            _ => FailureScope.Question,
        };
        return new ModelCallException($"http_{status}", scope, $"HTTP {status}: {(text.Length > 0 ? text : "no further text")}")
        {
            RetryAfter = response.Headers.TryGetValue("Retry-After", out var value) ? HttpFailures.RetryAfter(value) : null,
        };
    }
}
