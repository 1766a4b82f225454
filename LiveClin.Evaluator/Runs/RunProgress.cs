using System.Collections.Immutable;
using LiveClin.Core.Answers;

namespace LiveClin.Evaluator.Runs;

/// <summary>How far a run is, at one moment.</summary>
public sealed record RunProgress
{
    /// <summary>Questions in the run.</summary>
    public required int QuestionsTotal { get; init; }

    /// <summary>Cases in the run.</summary>
    public required int CasesTotal { get; init; }

    /// <summary>Cases that are over: every question has its final outcome.</summary>
    public required int CasesDone { get; init; }

    /// <summary>Cases of which every question was answered correctly.</summary>
    public required int CasesCorrect { get; init; }

    /// <summary>Questions by outcome; they add up to <see cref="QuestionsTotal"/>.</summary>
    public required ImmutableDictionary<Outcome, int> Outcomes { get; init; }

    /// <summary>Requests that wait for their reply.</summary>
    public int InFlight { get; init; }

    /// <summary>Requests that may be under way at a time; 0 when not active.</summary>
    public int RequestLimit { get; init; }

    /// <summary>Requests that were repeated since the run was last started.</summary>
    public int Retries { get; init; }

    /// <summary>Replies that came since the run was last started and could not be stored: their questions are asked again.</summary>
    public int Unstored { get; init; }

    /// <summary>What the run waits for or is held back by, in words; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Cases per minute since the run was last started; null when not known yet.</summary>
    public double? CasesPerMinute { get; init; }

    /// <summary>Questions per minute, likewise.</summary>
    public double? QuestionsPerMinute { get; init; }

    /// <summary>Estimated time to the end, likewise; null also while a server or the database is waited for.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Questions with a final outcome.</summary>
    public int QuestionsDone => QuestionsTotal - Count(Outcome.NotRun);

    /// <summary>Questions with a reply.</summary>
    public required int Answered { get; init; }

    /// <summary>Questions without a reply: failed, filtered, truncated or refused without text, or never asked.</summary>
    public int Unanswered => QuestionsTotal - Answered;

    /// <summary>Questions with this outcome.</summary>
    public int Count(Outcome outcome) => Outcomes.GetValueOrDefault(outcome);
}
