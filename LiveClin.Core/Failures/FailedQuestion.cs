namespace LiveClin.Core.Failures;

/// <summary>A question without a reply.</summary>
/// <param name="Epoch">The repeat, from 1.</param>
/// <param name="CaseOrdinal">Position of its case in the release.</param>
/// <param name="QuestionIndex">Its position in the case.</param>
/// <param name="Kind">The kind of error; <c>skipped</c> for one that was not asked because an earlier one of its case failed.</param>
/// <param name="Message">The error in words.</param>
public sealed record FailedQuestion(int Epoch, int CaseOrdinal, int QuestionIndex, string Kind, string Message);

/// <summary>Questions that failed in the same way.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Message">The error in words, as it came first.</param>
/// <param name="Count">Number of questions.</param>
/// <param name="Examples">The first of them.</param>
/// <param name="Advice">What to do.</param>
public sealed record FailureGroup(string Kind, string Message, int Count, IReadOnlyList<FailedQuestion> Examples, string Advice);
