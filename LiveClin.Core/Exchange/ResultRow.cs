using System.Text.Json.Serialization;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>One question of a run, flat: a line of the JSONL export and a row of the CSV export.</summary>
public sealed record ResultRow
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Display name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the release.</summary>
    public required string Release { get; init; }

    /// <summary>Name of the condition that the case was asked under; <c>published</c> for none.</summary>
    public required string Condition { get; init; }

    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Zero-based position of the case.</summary>
    public required int CaseOrdinal { get; init; }

    /// <summary>The case's identifier.</summary>
    public required string CaseId { get; init; }

    /// <summary>Zero-based position of the question in the case.</summary>
    public required int QuestionIndex { get; init; }

    /// <summary>ICD-10 chapter.</summary>
    public string? Chapter { get; init; }

    /// <summary>Subcategory.</summary>
    public string? Subcategory { get; init; }

    /// <summary>Rarity as written in the release.</summary>
    public string? Rarity { get; init; }

    /// <summary>Stage as written in the release.</summary>
    public string? Stage { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The letter found, as the release's options have it; null when none.</summary>
    public string? Letter { get; init; }

    /// <summary>The same as the options were shown.</summary>
    public string? ShownLetter { get; init; }

    /// <summary>Name of the rule that found it.</summary>
    public required string Rule { get; init; }

    /// <summary>Name of the outcome.</summary>
    public required string Outcome { get; init; }

    /// <summary>True when the letter is the key.</summary>
    public required bool IsCorrect { get; init; }

    /// <summary>Why there is no reply.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>The error in words.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The server's finish reason.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Prompt tokens.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Prompt tokens from a prefix cache.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Completion tokens spent on reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>Duration of the attempt in milliseconds; null when nothing was sent.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Requests sent.</summary>
    public required int Attempts { get; init; }

    /// <summary>SHA-256 of the prompt.</summary>
    public string? PromptSha256 { get; init; }

    /// <summary>When the answer was complete; null while there is none.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The reply as received.</summary>
    public string? Reply { get; init; }

    /// <summary>Reasoning sent apart from the reply.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Every question of a run, in order; those not dealt with yet as not run.</summary>
    public static IEnumerable<ResultRow> From(RunResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return results.Release.Cases.SelectMany(@case => @case.Questions.Select(question => From(results, @case, question)));
    }

    private static ResultRow From(RunResults results, Case @case, Question question) => From(results, @case, question, results.Find(@case, question));

    private static ResultRow From(RunResults results, Case @case, Question question, Answer? answer) => new()
    {
        RunId = results.Run.Id,
        Model = results.Run.Specification.Model,
        Release = results.Run.Specification.ReleaseName,
        Condition = results.Run.Specification.Condition,
        Epoch = results.Epoch,
        CaseOrdinal = @case.Ordinal,
        CaseId = @case.Id,
        QuestionIndex = question.Index,
        Chapter = @case.Chapter,
        Subcategory = @case.Subcategory,
        Rarity = @case.Rarity,
        Stage = question.Stage,
        Key = question.Key,
        Letter = answer?.Letter,
        ShownLetter = answer?.ShownLetter,
        Rule = NameOf(answer?.Rule ?? ExtractionRule.None),
        Outcome = NameOf(answer?.Outcome ?? Answers.Outcome.NotRun),
        IsCorrect = answer is { IsCorrect: true },
        ErrorKind = answer?.ErrorKind,
        ErrorMessage = answer?.ErrorMessage,
        FinishReason = answer?.FinishReason,
        InputTokens = answer?.Usage.Input,
        CachedTokens = answer?.Usage.CachedInput,
        OutputTokens = answer?.Usage.Output,
        ReasoningTokens = answer?.Usage.Reasoning,
        LatencyMs = answer is { Attempts: > 0 } ? answer.LatencyMs : null,
        Attempts = answer?.Attempts ?? 0,
        PromptSha256 = answer?.PromptHash,
        CompletedAt = answer?.CompletedAt,
        Reply = answer?.Reply,
        Reasoning = answer?.Reasoning,
    };

    // NotRun → not_run
    private static string NameOf<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResultRow))]
internal sealed partial class ResultRowJson : JsonSerializerContext;
