namespace LiveClin.Core.Results;

/// <summary>Which answer of a run: another reply to the same question has another time of completion.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="CaseOrdinal">Position of the case in its release.</param>
/// <param name="QuestionIndex">Position of the question in its case.</param>
/// <param name="CompletedAt">When the answer was there, to the millisecond.</param>
public readonly record struct AnswerKey(int Epoch, int CaseOrdinal, int QuestionIndex, DateTimeOffset CompletedAt)
{
    /// <summary>The key of a stored answer.</summary>
    public static AnswerKey Of(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new AnswerKey(answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, answer.CompletedAt);
    }
}
