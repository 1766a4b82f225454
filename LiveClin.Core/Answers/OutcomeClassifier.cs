using LiveClin.Core.Text;

namespace LiveClin.Core.Answers;

/// <summary>What became of a question, and the letter behind it.</summary>
/// <param name="Outcome">The outcome; only a letter found in a reply is ever correct or wrong.</param>
/// <param name="Extraction">The letter that the published rule found.</param>
public readonly record struct Classification(Outcome Outcome, Extraction Extraction);

/// <summary>What a model call came to, as far as its outcome depends on it.</summary>
public sealed record CallResult
{
    /// <summary>The reply, or null when there is none.</summary>
    public string? Reply { get; init; }

    /// <summary>The server's finish reason, verbatim (<c>stop</c>, <c>length</c>, …).</summary>
    public string? FinishReason { get; init; }

    /// <summary>True when the API said that the model declined (its refusal field).</summary>
    public bool Refused { get; init; }

    /// <summary>
    /// Why the call failed for good (<c>content_filter</c>, <c>empty_reply</c>, <c>skipped</c>, <c>timeout</c>, …), or null.
    /// </summary>
    public string? ErrorKind { get; init; }
}

/// <summary>Turns what a model call came to into an outcome. A failure is never a wrong answer.</summary>
public static class OutcomeClassifier
{
    private const string EmptyReply = "empty_reply";
    private const string ContentFilter = "content_filter";

    /// <summary>The outcome of a question under the published rule of extraction.</summary>
    /// <param name="call">What the model call came to.</param>
    /// <param name="key">The correct option's letter, in either case.</param>
    /// <param name="protocol">The generation of the published tools to follow.</param>
    public static Classification Classify(CallResult call, string key, ExtractionProtocol protocol = ExtractionProtocol.Core)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentException.ThrowIfNullOrEmpty(key);
        // A call without a reply that names no error is one with an empty reply.
        if (call.ErrorKind is not null || PythonText.IsBlank(call.Reply))
            return new(WithoutReply(call, call.ErrorKind ?? EmptyReply), Extraction.None);

        var extraction = AnswerExtractor.Extract(call.Reply, protocol);
        return new(extraction.Letter is { } letter ? Marked(letter, key) : WithoutLetter(call), extraction);
    }

    private static Outcome Marked(string letter, string key) =>
        string.Equals(letter, key.ToUpperInvariant(), StringComparison.Ordinal) ? Outcome.Correct : Outcome.Wrong;

    private static Outcome WithoutLetter(CallResult call) => Ended(call) ?? Outcome.Unparsed;

    private static Outcome WithoutReply(CallResult call, string errorKind) => errorKind switch
    {
        "skipped" => Outcome.NotRun,
        ContentFilter => Outcome.Filtered,
        EmptyReply => Ended(call) ?? Outcome.Failed,
        _ => Outcome.Failed,
    };

    // A reply that broke off is no answer, whatever it says; callers do not come here with one.
    private static Outcome? Ended(CallResult call) => FinishReasons.EndingOf(call.FinishReason) switch
    {
        ReplyEnding.Truncated => Outcome.Truncated,
        _ when call.Refused => Outcome.Refused,
        ReplyEnding.Refused => Outcome.Refused,
        ReplyEnding.Filtered => Outcome.Filtered,
        _ => null,
    };
}
