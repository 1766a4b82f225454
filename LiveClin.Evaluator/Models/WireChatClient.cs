using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>Sends the published request and classifies what comes back.</summary>
/// <remarks>
/// The body's parameters are fixed per client, as they are part of the run's specification; only what the server refuses of them is
/// changed.
/// <see cref="ChatOptions"/> carries them to the telemetry.
/// </remarks>
internal sealed class WireChatClient(
    ModelConnection connection, ModelEndpoint endpoint, string parametersJson, RunConduct conduct, TimeSpan timeout) : IChatClient
{
    private readonly KeyRedaction _redaction = new(endpoint.ApiKey);
    private Form _form = new([], new RequestBody(endpoint.ApiId, parametersJson));

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.GetTimestamp();
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(timeout);
        try
        {
            var reply = await SendAsync(messages, options as TurnOptions, attempt.Token).ConfigureAwait(false);
            var response = reply.WithoutKey(_redaction).ToChatResponse();
            conduct.History.Answered();
            return response;
        }
        catch (ModelCallException failure)
        {
            // The failure itself is not kept as the cause: its message may hold the key, and logs print causes.
            throw Describe(failure.Kind, conduct.History.Judge(failure), failure.Message, failure.InnerException, failure);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var words = $"No reply within {timeout.TotalSeconds:0} s.";
            throw Describe("timeout", FailureScope.Transient, words, error,
                new ModelCallException("timeout", FailureScope.Transient, words) { IsOverloaded = true });
        }
        catch (Exception error) when (HttpFailures.IsFailure(error))
        {
            var kind = HttpFailures.KindOf(error);
            var words = HttpFailures.Explain(error);
            var failure = new ModelCallException(kind, FailureScope.Transient, words, error)
            {
                IsFatalAtFirst = kind == HttpFailures.Proxy,
            };
            throw Describe(kind, conduct.History.Judge(failure), failure.Message, error);
        }

        ModelCallException Describe(string kind, FailureScope scope, string message, Exception? cause, ModelCallException? known = null) =>
            new(kind, scope, _redaction.Of(message), cause)
        {
            Duration = Stopwatch.GetElapsedTime(clock),
            RetryAfter = known?.RetryAfter,
            IsThrottled = known?.IsThrottled ?? false,
            IsOverloaded = known?.IsOverloaded ?? false,
            IsThroughProxy = known?.IsThroughProxy ?? false,
            IsExplained = known?.IsExplained ?? false,
            IsForNow = known?.IsForNow ?? false,
            IsStreak = known?.IsStreak ?? false,
            FinishReason = _redaction.Of(known?.FinishReason),
        };
    }

    /// <summary>The whole reply, as one update: the published protocol does not stream.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages,
        ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
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

    // A field that the server refuses is the run's to learn, and no failure: the same question is asked again without it.
    private async Task<ChatReply> SendAsync(IEnumerable<ChatMessage> messages, TurnOptions? turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            var form = CurrentForm();
            using var content = form.Body.Create(messages);
            var reply = await connection.CompleteChatAsync(content, cancellationToken).ConfigureAwait(false);
            if (reply.Limits is { } limits) conduct.Gate.Observe(limits);
            try
            {
                return reply.IsSuccess ? ChatReply.Parse(reply.Body) : throw FailureRules.OfHttp(reply);
            }
            catch (ModelCallException failure)
            {
                if (!await conduct.Adaptations.LearnAsync(reply, failure, form.Refused, parametersJson).ConfigureAwait(false)) throw;
            }

            if (turn is not null) turn.Attempts.Count++;
        }
    }

    private Form CurrentForm()
    {
        var refused = conduct.Adaptations.Refused;
        var form = Volatile.Read(ref _form);
        if (ReferenceEquals(form.Refused, refused) || form.Refused.SequenceEqual(refused)) return form;
        form = new Form(refused, new RequestBody(endpoint.ApiId, RequestAdaptations.Apply(parametersJson, refused)));
        Volatile.Write(ref _form, form);
        return form;
    }

    // The body as the server takes it, and what it has refused.
    private sealed record Form(ImmutableList<string> Refused, RequestBody Body);
}
