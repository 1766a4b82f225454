using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>How failed calls are tried again.</summary>
/// <param name="MaxRetries">Further tries after the first.</param>
/// <param name="BaseDelay">Pause before the first further try; doubles each time, with jitter.</param>
/// <param name="MaxDelay">Longest pause, unless the server asks for a longer one.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan BaseDelay, TimeSpan MaxDelay)
{
    /// <summary>The published v1 tool's: five, from 1 s up to 60 s.</summary>
    public static RetryPolicy Published { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    /// <summary>The pause before a further try: half of it certain, half by lot, and never shorter than the server asks for.</summary>
    /// <param name="retry">The how manyth it is, from 1.</param>
    /// <param name="asked">What the server asks for.</param>
    public TimeSpan Pause(int retry, TimeSpan? asked)
    {
        var longest = Math.Min(MaxDelay.TotalSeconds, BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(retry - 1, 30)));
        var own = TimeSpan.FromSeconds(longest * (0.5 + (0.5 * Random.Shared.NextDouble())));
        return asked > own ? asked.Value : own;
    }
}

/// <summary>
/// The one retry layer: transient failures are tried again with exponential back-off and jitter, through the gate that a run's requests
/// share. Being told to come slower costs no try as long as the server answers others meanwhile.
/// </summary>
internal sealed class RetryingChatClient(IChatClient inner, RetryPolicy policy, RequestGate gate, TimeProvider time)
    : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var turn = options as TurnOptions;
        var counter = turn?.Attempts ?? new AttemptCounter();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(turn?.Stopping ?? CancellationToken.None, cancellationToken);
        var answersBefore = gate.Answers;
        for (int retries = 0, pauses = 0; ;)
        {
            var pass = await gate.EnterAsync(waiting.Token).ConfigureAwait(false);
            var sent = time.GetTimestamp();
            ModelCallException failure;
            try
            {
                counter.Count++;
                var response = await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
                gate.Answered(pass, time.GetElapsedTime(sent), response.Usage?.TotalTokenCount);
                return response;
            }
            catch (ModelCallException error) when (error.Scope == FailureScope.Transient)
            {
                failure = error;
            }
            finally
            {
                gate.Leave();
            }

            if (failure.IsThrottled || failure.IsOverloaded) gate.Narrow(failure.RetryAfter, failure.Kind);
            var isFree = failure.IsThrottled && policy.MaxRetries > 0 && gate.Answers > answersBefore;
            if (!isFree && retries++ >= policy.MaxRetries) throw failure;
            answersBefore = gate.Answers;
            await PauseAsync(policy.Pause(++pauses, failure.RetryAfter), failure, waiting.Token).ConfigureAwait(false);
            counter.OnRetry?.Invoke();
        }
    }

    // A failure that would have been tried again is none when the run stops: the question stays open.
    private async Task PauseAsync(TimeSpan pause, ModelCallException failure, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException(failure.Message, failure, error.CancellationToken);
        }
    }
}
