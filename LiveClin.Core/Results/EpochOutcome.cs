using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <summary>What became of a question in one epoch of a run, without its texts.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="CaseOrdinal">Zero-based position of the case in its release.</param>
/// <param name="QuestionIndex">Zero-based position of the question in its case.</param>
/// <param name="Outcome">What became of it under the published rule.</param>
/// <param name="Letter">The letter that the published rule found; null when none.</param>
/// <param name="HasReply">Whether there is a reply.</param>
public readonly record struct EpochOutcome(int Epoch, int CaseOrdinal, int QuestionIndex, Outcome Outcome, string? Letter, bool HasReply);
