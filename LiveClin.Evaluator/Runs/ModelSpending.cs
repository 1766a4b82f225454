using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>The tokens that a model's runs on a release have taken so far: those in the store, and what comes in since.</summary>
internal sealed class ModelSpending
{
    private readonly Lock _lock = new();
    private SpentTokens _spent;

    /// <summary>The sums now.</summary>
    public SpentTokens Spent
    {
        get
        {
            lock (_lock) return _spent;
        }
    }

    /// <summary>Adds what an answer took.</summary>
    public void Add(Answer answer)
    {
        lock (_lock) _spent = _spent.Plus(SpentTokens.Of(answer));
    }

    /// <summary>Counts again from what is stored: every run of the model on the release, but imported ones and those that a fresh start superseded.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">One of the model's runs.</param>
    public void CountAgain(ResultStore store, RunSpecification run)
    {
        var spent = store.ListRuns()
            .Where(other => other is { IsImported: false, SupersededBy: null } && other.Specification.Model == run.Model && other.Specification.ReleaseSha256 == run.ReleaseSha256)
            .Aggregate(default(SpentTokens), (sum, other) => sum.Plus(SpentTokens.Of(store.Tally(other).Usage)));
        lock (_lock) _spent = spent;
    }
}

/// <summary>Tokens that were paid for.</summary>
/// <param name="Input">Prompt tokens, cached ones included.</param>
/// <param name="Cached">Those of them from a prefix cache.</param>
/// <param name="Output">Completion tokens.</param>
/// <param name="Uncounted">Replies whose tokens the server did not count.</param>
internal readonly record struct SpentTokens(long Input, long Cached, long Output, int Uncounted)
{
    /// <summary>What an answer took.</summary>
    public static SpentTokens Of(Answer answer)
    {
        var isUncounted = answer.Reply is not null && answer.Usage is not { Input: not null, Output: not null };
        return new SpentTokens(answer.Usage.Input ?? 0, answer.Usage.CachedInput ?? 0, answer.Usage.Output ?? 0, isUncounted ? 1 : 0);
    }

    /// <summary>What a run took.</summary>
    public static SpentTokens Of(RunUsage usage) => new(usage.Input ?? 0, usage.CachedInput ?? 0, usage.Output ?? 0, usage.RepliesUncounted);

    /// <summary>Both together.</summary>
    public SpentTokens Plus(SpentTokens other) => new(Input + other.Input, Cached + other.Cached, Output + other.Output, Uncounted + other.Uncounted);
}
