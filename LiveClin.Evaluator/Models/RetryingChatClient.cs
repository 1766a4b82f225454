using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;

namespace LiveClin.Evaluator.Models;

/// <summary>How failed calls are tried again.</summary>
/// <param name="MaxRetries">Further tries after the first.</param>
/// <param name="BaseDelay">Pause before the first further try; doubles each time, with jitter.</param>
/// <param name="MaxDelay">Longest pause, unless the server asks for a longer one.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan BaseDelay, TimeSpan MaxDelay)
{
    /// <summary>The published v1 tool's: five, from 1 s up to 60 s.</summary>
    public static RetryPolicy Published { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
}

/// <summary>The one retry layer: transient failures are tried again with exponential back-off and jitter, or when the server says so.</summary>
internal sealed class RetryingChatClient(IChatClient inner, RetryPolicy policy, TimeProvider time) : DelegatingChatClient(inner)
{
    private static readonly ResiliencePropertyKey<AttemptCounter> CounterKey = new("liveclin.attempts");

    // Most runs never need it.
    private readonly Lazy<ResiliencePipeline<ChatResponse>> _pipeline = new(() => CreatePipeline(policy, time));

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var counter = (options as TurnOptions)?.Attempts ?? new AttemptCounter();
        ModelCallException failure;
        try
        {
            counter.Count++;
            return await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelCallException error) when (error.Scope == FailureScope.Transient && policy.MaxRetries > 0)
        {
            failure = error;
        }

        return await TryAgainAsync(failure, messages, options, counter, (options as TurnOptions)?.Stopping ?? CancellationToken.None, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ChatResponse> TryAgainAsync(ModelCallException failure, IEnumerable<ChatMessage> messages, ChatOptions? options, AttemptCounter counter, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var first = failure;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(waiting.Token);
        context.Properties.Set(CounterKey, counter);
        try
        {
            return await _pipeline.Value.ExecuteAsync(
                async _ =>
                {
                    // The first try has been made: the pipeline gets its outcome.
                    if (Interlocked.Exchange(ref first, null) is { } known) throw known;
                    counter.Count++;
                    return await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
                },
                context).ConfigureAwait(false);
        }
        catch (ModelCallException error) when (error.Scope == FailureScope.Transient && waiting.IsCancellationRequested)
        {
            // A failure that would have been tried again is none: the question stays open.
            throw new OperationCanceledException(error.Message, error, waiting.Token);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ResiliencePipeline<ChatResponse> CreatePipeline(RetryPolicy policy, TimeProvider time) =>
        new ResiliencePipelineBuilder<ChatResponse> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<ChatResponse>
            {
                MaxRetryAttempts = policy.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = policy.BaseDelay,
                MaxDelay = policy.MaxDelay,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ModelCallException { Scope: FailureScope.Transient }),
                DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as ModelCallException)?.RetryAfter),
                OnRetry = args =>
                {
                    if (args.Context.Properties.TryGetValue(CounterKey, out var counter)) counter!.OnRetry?.Invoke();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
}
