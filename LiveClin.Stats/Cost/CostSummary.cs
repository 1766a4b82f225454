using LiveClin.Core.Answers;
using LiveClin.Core.Costs;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Cost;

/// <summary>What a model's answers took: tokens, time, requests, money. Null means that the server did not say.</summary>
public sealed record CostSummary
{
    /// <summary>Answers that took a request.</summary>
    public required int Answers { get; init; }

    /// <summary>Of these, with token counts.</summary>
    public required int AnswersWithTokens { get; init; }

    /// <summary>Prompt tokens, cached ones included.</summary>
    public required long? InputTokens { get; init; }

    /// <summary>Prompt tokens from a prefix cache.</summary>
    public required long? CachedTokens { get; init; }

    /// <summary>Completion tokens, reasoning included.</summary>
    public required long? OutputTokens { get; init; }

    /// <summary>Completion tokens spent on reasoning.</summary>
    public required long? ReasoningTokens { get; init; }

    /// <summary>Share of prompt tokens from a prefix cache, over the answers that say so; null when none does.</summary>
    public required double? CachedShare { get; init; }

    /// <summary>Requests sent, retries included.</summary>
    public required int Requests { get; init; }

    /// <summary>Of these, repetitions.</summary>
    public int Retries => Requests - Answers;

    /// <summary>Latency of the successful attempts, in milliseconds.</summary>
    public required Percentiles? LatencyMs { get; init; }

    /// <summary>Sum of a case's latencies, in milliseconds, over the cases answered in full.</summary>
    public required Percentiles? CaseMs { get; init; }

    /// <summary>Currency of <see cref="Cost"/>; null without a price.</summary>
    public string? Currency { get; init; }

    /// <summary>Cost in <see cref="Currency"/>; null without a price or without token counts for all answers.</summary>
    public required double? Cost { get; init; }

    /// <summary>Cost divided by the number of correct cases; null without a cost or a correct case.</summary>
    public required double? CostPerCorrectCase { get; init; }

    /// <summary>Adds up a model's answers.</summary>
    public static CostSummary Of(ResultSet set, ModelResults model, Price? price)
    {
        var asked = model.Answers.Where(a => a.Attempts > 0).ToList();
        var counted = asked.Where(a => a.InputTokens is not null && a.OutputTokens is not null).ToList();
        var cached = asked.Where(a => a.InputTokens is not null && a.CachedTokens is not null).ToList();
        var cachedInput = cached.Sum(a => (long)a.InputTokens!.Value);
        double? cost = price is null || counted.Count == 0 || counted.Count < asked.Count(a => a.HasReply)
            ? null : counted.Sum(a => price.CostOf(a.InputTokens!.Value, a.CachedTokens ?? 0, a.OutputTokens!.Value));
        var correct = set.Cases.Count(c => model.Covers[c.Index] && model.IsCaseCorrect(c));
        return new CostSummary
        {
            Answers = asked.Count,
            AnswersWithTokens = counted.Count,
            InputTokens = Sum(asked, a => a.InputTokens),
            CachedTokens = Sum(asked, a => a.CachedTokens),
            OutputTokens = Sum(asked, a => a.OutputTokens),
            ReasoningTokens = Sum(asked, a => a.ReasoningTokens),
            CachedShare = cachedInput > 0 ? (double)cached.Sum(a => (long)a.CachedTokens!.Value) / cachedInput : null,
            Requests = asked.Sum(a => a.Attempts),
            LatencyMs = Percentiles.Of(asked.Where(a => a.HasReply && !double.IsNaN(a.LatencyMs)).Select(a => a.LatencyMs)),
            CaseMs = Percentiles.Of(set.Cases.Where(c => model.Covers[c.Index]).Select(c => CaseTime(model, c)).OfType<double>()),
            Currency = price?.Currency,
            Cost = cost,
            CostPerCorrectCase = cost is { } total && correct > 0 ? total / correct : null,
        };
    }

    private static double? CaseTime(ModelResults model, CaseFacts @case)
    {
        double time = 0;
        for (var i = 0; i < @case.Questions.Length; i++)
        {
            var answer = model.Answers[@case.FirstQuestion + i];
            if (!answer.HasReply || double.IsNaN(answer.LatencyMs)) return null;
            time += answer.LatencyMs;
        }

        return @case.Questions.Length > 0 ? time : null;
    }

    private static long? Sum(List<AnswerFacts> answers, Func<AnswerFacts, int?> of)
    {
        var known = answers.Select(of).OfType<int>().ToList();
        return known.Count > 0 ? known.Sum(n => (long)n) : null;
    }
}

/// <summary>Percentiles of a number, linearly interpolated.</summary>
/// <param name="Median">50 %.</param>
/// <param name="P90">90 %.</param>
/// <param name="P95">95 %.</param>
/// <param name="P99">99 %.</param>
/// <param name="Mean">Mean.</param>
public sealed record Percentiles(double Median, double P90, double P95, double P99, double Mean)
{
    /// <summary>Computes them; null without values.</summary>
    public static Percentiles? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return null;
        double At(double fraction) =>
            MathNet.Numerics.Statistics.SortedArrayStatistics.QuantileCustom(sorted, fraction,
            MathNet.Numerics.Statistics.QuantileDefinition.R7);
        return new Percentiles(At(0.5), At(0.9), At(0.95), At(0.99), sorted.Average());
    }
}
