using LiveClin.Core.Answers;

namespace LiveClin.Core.Tests.Answers;

public sealed class OutcomeClassifierTests
{
    [Theory]
    [InlineData(@"\boxed{C}", "stop", false, Outcome.Correct)]
    [InlineData(@"\boxed{D}", "stop", false, Outcome.Wrong)]
    [InlineData(@"\boxed{C}", "length", false, Outcome.Correct)]
    [InlineData(@"\boxed{C}", "stop", true, Outcome.Correct)]
    [InlineData("no idea", "stop", false, Outcome.Unparsed)]
    [InlineData("no idea", null, false, Outcome.Unparsed)]
    [InlineData("no idea", "some_new_reason", false, Outcome.Unparsed)]
    [InlineData("let us see, first", "length", false, Outcome.Truncated)]
    [InlineData("sorry, no", "stop", true, Outcome.Refused)]
    [InlineData("let us", "content_filter", false, Outcome.Filtered)]
    [InlineData("let us", "content-filter", false, Outcome.Filtered)]
    [InlineData("let us", "LANGUAGE", false, Outcome.Filtered)]
    [InlineData("let us", "MODEL_ARMOR", false, Outcome.Filtered)]
    [InlineData("let us", "IMAGE_RECITATION", false, Outcome.Filtered)]
    [InlineData(@"\boxed{C}", "LANGUAGE", false, Outcome.Correct)]
    [InlineData("let us", "ERROR_LIMIT", false, Outcome.Truncated)]
    [InlineData("let us, let us", "repetition", false, Outcome.Truncated)]
    [InlineData(@"\boxed{C}", "repetition", false, Outcome.Correct)]
    [InlineData("let us", "maxPredictedTokensReached", false, Outcome.Truncated)] // LM Studio
    [InlineData("let us", "max_tokens_exceeded", false, Outcome.Truncated)]
    public void A_reply_is_marked_by_its_letter(string reply, string? finishReason, bool refused, Outcome outcome)
    {
        var result = OutcomeClassifier.Classify(new CallResult { Reply = reply, FinishReason = finishReason, Refused = refused }, "c");
        Assert.Equal(new Classification(outcome, AnswerExtractor.Extract(reply)), result);
    }

    [Theory]
    [InlineData("deadline_exceeded", ReplyEnding.BrokenOff)]
    [InlineData("cancel", ReplyEnding.BrokenOff)]
    [InlineData("preempted", ReplyEnding.BrokenOff)]
    [InlineData("RuntimeException", ReplyEnding.BrokenOff)]
    [InlineData("upstream_failure", ReplyEnding.BrokenOff)]
    [InlineData("contextLengthReached", ReplyEnding.Truncated)]
    [InlineData("eos_reached", ReplyEnding.Complete)]
    [InlineData("no_error", ReplyEnding.Complete)]
    public void Endings_are_known_by_their_words(string reason, ReplyEnding ending) => Assert.Equal(ending, FinishReasons.EndingOf(reason));

    [Theory]
    [InlineData("content_filter", null, false, Outcome.Filtered)]
    [InlineData("skipped", null, false, Outcome.NotRun)]
    [InlineData("empty_reply", "length", false, Outcome.Truncated)]
    [InlineData("empty_reply", "stop", false, Outcome.Failed)]
    [InlineData("empty_reply", "stop", true, Outcome.Refused)]
    [InlineData("empty_reply", "content_filter", false, Outcome.Filtered)]
    [InlineData("empty_reply", "LANGUAGE", false, Outcome.Filtered)]
    [InlineData("empty_reply", "IMAGE_RECITATION", false, Outcome.Filtered)]
    [InlineData("empty_reply", "max_completion_tokens", false, Outcome.Truncated)]
    [InlineData("timeout", "length", false, Outcome.Failed)]
    [InlineData("http_500", null, false, Outcome.Failed)]
    [InlineData(null, "length", false, Outcome.Truncated)]
    [InlineData(null, "stop", false, Outcome.Failed)]
    public void A_call_without_a_reply_is_never_wrong(string? errorKind, string? finishReason, bool refused, Outcome outcome)
    {
        var call = new CallResult { ErrorKind = errorKind, FinishReason = finishReason, Refused = refused };
        Assert.Equal(new Classification(outcome, Extraction.None), OutcomeClassifier.Classify(call, "C"));
    }

    [Fact]
    public void The_protocol_decides_where_the_generations_differ()
    {
        var call = new CallResult { Reply = "c...", FinishReason = "stop" };
        Assert.Equal(Outcome.Unparsed, OutcomeClassifier.Classify(call, "C").Outcome);
        Assert.Equal(Outcome.Correct, OutcomeClassifier.Classify(call, "C", ExtractionProtocol.V1).Outcome);
    }

    [Fact]
    public void A_dotted_capital_I_is_no_key() =>
        Assert.Equal(Outcome.Wrong, OutcomeClassifier.Classify(new CallResult { Reply = "\u0130" }, "I").Outcome);
}
