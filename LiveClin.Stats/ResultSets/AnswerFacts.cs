using LiveClin.Core.Answers;

namespace LiveClin.Stats.ResultSets;

/// <summary>What statistics keep of an answer. Replies are left behind: 30 models' texts would fill the memory.</summary>
/// <param name="Outcome">What became of the question under the published rule.</param>
/// <param name="Letter">The letter that the published rule found; null when none.</param>
/// <param name="Rule">The rule that found it; <see cref="ExtractionRule.None"/> also where the source has no reply to look at.</param>
/// <param name="HasReply">Whether there is a reply.</param>
/// <param name="StrictOutcome">The outcome under the strict rule; null where the source has no reply text.</param>
/// <param name="StrictLetter">The letter that the strict rule found; null when none.</param>
public readonly record struct AnswerFacts(Outcome Outcome, char? Letter, ExtractionRule Rule, bool HasReply, Outcome? StrictOutcome,
    char? StrictLetter)
{
    /// <summary>The question was not asked.</summary>
    public static AnswerFacts NotRun { get; } = new(Outcome.NotRun, null, ExtractionRule.None, false, Outcome.NotRun, null);

    /// <summary>Why there is no reply, in one word.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>Duration of the attempt that counts, in milliseconds; NaN where the source does not say.</summary>
    public double LatencyMs { get; init; } = double.NaN;

    /// <summary>Requests sent, retries included; 0 where the source does not say.</summary>
    public int Attempts { get; init; }

    /// <summary>Prompt tokens, cached ones included; null where unknown.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Prompt tokens served from a prefix cache; null where unknown.</summary>
    public int? CachedTokens { get; init; }

    /// <summary>Completion tokens, reasoning included; null where unknown.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Completion tokens spent on reasoning; null where unknown.</summary>
    public int? ReasoningTokens { get; init; }

    /// <summary>Base address of the server that was asked; null where it was not recorded.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The stored column that is not what was written; null when none is known.</summary>
    public string? DamagedColumn { get; init; }

    /// <summary>True when the answer is not the one that was written: it says nothing, and counts as a question that was not run.</summary>
    public bool IsDamaged => DamagedColumn is not null;

    /// <summary>True when the letter is the key.</summary>
    public bool IsCorrect => Outcome == Outcome.Correct;

    /// <summary>True when a letter was found, right or wrong.</summary>
    public bool IsAnswered => Outcome is Outcome.Correct or Outcome.Wrong;
}
