using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Flips;

/// <summary>A question that one of two models gets right and the other does not.</summary>
/// <param name="Case">Its case.</param>
/// <param name="Question">The question.</param>
/// <param name="First">What became of it with the first model.</param>
/// <param name="Second">What became of it with the second one.</param>
/// <param name="ChangesCase">Whether the whole case changes side too: right with one model, not with the other.</param>
internal sealed record Flip(CaseFacts Case, QuestionFacts Question, AnswerFacts First, AnswerFacts Second, bool ChangesCase)
{
    /// <summary>True when the first model is the one that is right.</summary>
    public bool IsFirstRight => First.IsCorrect;

    /// <summary>Every question of the shared cases that changes side, in the order of the release.</summary>
    public static ImmutableArray<Flip> Between(ResultSet set, ModelResults first, ModelResults second) =>
    [
        .. from @case in set.SharedCases(first, second)
           let changes = first.IsCaseCorrect(@case) != second.IsCaseCorrect(@case)
           from question in @case.Questions
           let one = first.Answers[@case.FirstQuestion + question.Index]
           let other = second.Answers[@case.FirstQuestion + question.Index]
           where one.IsCorrect != other.IsCorrect
           select new Flip(@case, question, one, other, changes),
    ];
}

/// <summary>The texts of a question that changed side, as far as the source has them.</summary>
/// <param name="Question">The question's text; null where the source has none.</param>
/// <param name="Options">Its options; empty where the source has none.</param>
/// <param name="First">The first model's reply; null without one.</param>
/// <param name="Second">The second model's reply; null without one.</param>
internal sealed record FlipTexts(string? Question, ImmutableArray<Option> Options, string? First, string? Second);
