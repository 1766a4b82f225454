using System.Text.Json.Serialization;
using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;

namespace LiveClin.Core.Results;

/// <summary>What is stored of one question of a run: the reply, the letter found in it, its outcome, and what it cost.</summary>
public sealed record Answer
{
    /// <summary>The repeat of the run that it belongs to, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Position of the case in its release (<see cref="Cases.Case.Ordinal"/>).</summary>
    public required int CaseOrdinal { get; init; }

    /// <summary>Position of the question in its case.</summary>
    public required int QuestionIndex { get; init; }

    /// <summary>What became of the question.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>The letter that the published rule found, upper case, as the release's options have it.</summary>
    public string? Letter { get; init; }

    /// <summary>The same as the options were shown: another one where a condition has changed their order.</summary>
    public string? ShownLetter
    {
        get => field ?? Letter;
        init;
    }

    /// <summary>The same answer with a letter that was found in its reply.</summary>
    /// <param name="shown">The letter, as the options were shown.</param>
    /// <param name="letters">From the letters as shown to the release's.</param>
    public Answer WithLetter(string? shown, LetterMap letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        var published = letters.ToPublished(shown);
        return this with { Letter = published, ShownLetter = shown == published ? null : shown };
    }

    /// <summary>The rule that found it.</summary>
    public ExtractionRule Rule { get; init; }

    /// <summary>The reply as received, or null when the question failed.</summary>
    public string? Reply { get; init; }

    /// <summary>Reasoning text that the server sent apart from the reply.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The server's finish reason, verbatim.</summary>
    public string? FinishReason { get; init; }

    /// <summary>
    /// Why there is no reply: <c>timeout</c>, <c>connection</c>, <c>http_429</c>, <c>http_500</c>, <c>empty_reply</c>,
    /// <c>malformed_reply</c>, <c>content_filter</c>, <c>skipped</c>, …
    /// </summary>
    public string? ErrorKind { get; init; }

    /// <summary>The error in words, without secrets.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Tokens, where the server reports them.</summary>
    public TokenUsage Usage { get; init; } = TokenUsage.Unknown;

    /// <summary>Duration of the successful attempt, in milliseconds; of the last one when all failed.</summary>
    public double LatencyMs { get; init; }

    /// <summary>Requests sent for this question, retries included.</summary>
    public int Attempts { get; init; }

    /// <summary>SHA-256 of this turn's prompt (text and image hashes), lower-case hexadecimal.</summary>
    public string? PromptHash { get; init; }

    /// <summary>When the answer was complete.</summary>
    public DateTimeOffset CompletedAt { get; init; }

    /// <summary>
    /// Base address of the server that was asked, without secrets; null where it was not recorded (imports, stores from before).
    /// </summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// The stored column that is not what was written, as a disk or another program has changed it: <c>reply</c> where its checksum
    /// differs; null while nothing shows any damage.
    /// </summary>
    [JsonIgnore]
    public string? DamagedColumn { get; init; }

    /// <summary>True when something of the answer as it is stored is not what was written.</summary>
    [JsonIgnore]
    public bool IsDamaged => DamagedColumn is not null;

    /// <summary>True when the letter is the key.</summary>
    public bool IsCorrect => Outcome == Outcome.Correct;

    /// <summary>
    /// True for what asking again would hardly change: a decision of model or provider (filtered, or truncated or refused without text),
    /// or a question at which the model's server is lost each time.
    /// </summary>
    public bool IsFinalWithoutReply => Reply is null
        && (Outcome is Outcome.Filtered or Outcome.Truncated or Outcome.Refused || ErrorKind is "server_died" or "server_hang");
}
