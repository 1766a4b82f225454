using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <summary>What became of a question in one epoch of a run, without its texts.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="CaseOrdinal">Zero-based position of the case in its release.</param>
/// <param name="QuestionIndex">Zero-based position of the question in its case.</param>
/// <param name="Outcome">What became of it under the published rule.</param>
/// <param name="IsDamaged">True when its reply is not the one that was written; always false where replies were not read.</param>
public readonly record struct EpochOutcome(int Epoch, int CaseOrdinal, int QuestionIndex, Outcome Outcome, bool IsDamaged = false);
