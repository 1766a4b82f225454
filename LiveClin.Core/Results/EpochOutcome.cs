using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <summary>What became of a question in one epoch of a run, without its texts.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="CaseOrdinal">Zero-based position of the case in its release.</param>
/// <param name="QuestionIndex">Zero-based position of the question in its case.</param>
/// <param name="Outcome">What became of it under the published rule.</param>
/// <param name="DamagedColumn">
/// The stored column that is not what was written; null when none is known (replies are not always read).
/// </param>
public readonly record struct EpochOutcome(int Epoch, int CaseOrdinal, int QuestionIndex, Outcome Outcome, string? DamagedColumn = null)
{
    /// <summary>True when what became of it is not known.</summary>
    public bool IsDamaged => DamagedColumn is not null;
}
