using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.Core.Conditions;

namespace LiveClin.Core.Results;

/// <summary>A case that a run under a condition asks, as it was worked out when the run began.</summary>
/// <param name="Ordinal">Position of the case in its release.</param>
/// <param name="Hash">SHA-256 of everything that is asked of it (<see cref="ConditionedCase.Hash"/>).</param>
/// <param name="Questions">Its questions, in order.</param>
public sealed record RunCase(int Ordinal, string Hash, ImmutableArray<RunQuestion> Questions)
{
    /// <summary>What a store keeps of a conditioned case.</summary>
    public static RunCase Of(ConditionedCase asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return new RunCase(asked.Case.Ordinal, asked.Hash, [.. asked.Turns.Select(turn => new RunQuestion(turn.IsChanged, turn.Letters))]);
    }

    // [{"changed":true,"letters":["C","A","B"]},{"changed":false}]
    internal string QuestionsJson => JsonSerializer.Serialize(
        [.. Questions.Select(question =>
            new QuestionRow(question.IsChanged, question.Letters.IsIdentity ? null : [.. question.Letters.Published]))],
        RunCaseJson.Default.ListQuestionRow);

    internal static ImmutableArray<RunQuestion> ReadQuestions(string questionsJson) =>
    [
        .. JsonSerializer.Deserialize(questionsJson, RunCaseJson.Default.ListQuestionRow)!
            .Select(row => new RunQuestion(row.Changed, row.Letters is null ? LetterMap.Identity : LetterMap.Lettered(row.Letters))),
    ];

    internal sealed record QuestionRow(bool Changed, List<string>? Letters);
}

/// <summary>A question that a run under a condition asks.</summary>
/// <param name="IsChanged">True when its request differs from the published one in more than the model's own replies.</param>
/// <param name="Letters">From its letters as shown to the release's.</param>
public sealed record RunQuestion(bool IsChanged, LetterMap Letters);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<RunCase.QuestionRow>))]
internal sealed partial class RunCaseJson : JsonSerializerContext;
