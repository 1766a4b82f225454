using LiveClin.Core.Answers;

namespace LiveClin.Core.Tests.Answers;

public sealed class AnswerExtractorTests
{
    [Theory]
    // Rule 1: the first box with a single letter.
    [InlineData(@"\boxed{ c } then \boxed{D}", "C", ExtractionRule.Boxed, 8)]
    [InlineData(@"\BOXED{AC} \boxed{K} \boxed{" + "\u00a0B\u2009}", "B", ExtractionRule.Boxed, 29)]
    // Rule 2: filler is taken greedily and given back for an i that ends a word.
    [InlineData("Answer: -- is\n(no) answer is:D", "D", ExtractionRule.Phrase, 29)]
    [InlineData("option: i", "I", ExtractionRule.Phrase, 8)]
    [InlineData("option isi: -", "I", ExtractionRule.Phrase, 9)]
    [InlineData("anſwer cho\u0131ce \u0130: \u0131", "I", ExtractionRule.Phrase, 17)]
    [InlineData("answer: \u0130", "\u0130", ExtractionRule.Phrase, 8)]
    // Rule 3: lines end at \n alone.
    [InlineData("a)\nthen\n  b. \nnot\n", "B", ExtractionRule.Line, 10)]
    [InlineData("E\u2028x", "E", ExtractionRule.Capital, 0)]
    [InlineData("e\rx", null, ExtractionRule.None, -1)]
    [InlineData("\u0130", "\u0130", ExtractionRule.Line, 0)]
    [InlineData("E]", "E", ExtractionRule.Capital, 0)]
    // Rule 4: the last capital between word boundaries.
    [InlineData("A or B2 or _C or D\u0301 or E\u00b2 or \U0001d400F", "D", ExtractionRule.Capital, 17)]
    [InlineData("", null, ExtractionRule.None, -1)]
    [InlineData("no idea", null, ExtractionRule.None, -1)]
    public void Finds_the_letter_the_rule_and_the_place(string reply, string? letter, ExtractionRule rule, int start) =>
        Assert.Equal(new Extraction(letter, rule, start), AnswerExtractor.Extract(reply));

    [Theory]
    [InlineData("c .", "C", "C")]
    [InlineData("c..", "C", "C")]
    [InlineData("c...", null, "C")]
    [InlineData("so\n  c . .\u2003)\t\n", null, "C")]
    public void Core_takes_lines_of_three_characters_and_v1_of_any_length(string reply, string? core, string? v1)
    {
        Assert.Equal(core, AnswerExtractor.Extract(reply, ExtractionProtocol.Core).Letter);
        Assert.Equal(v1, AnswerExtractor.Extract(reply, ExtractionProtocol.V1).Letter);
    }

    /// <summary>Faults of the published rule that are measured and shown, never mended.</summary>
    [Theory]
    [InlineData("the answer is a staged approach", "A", ExtractionRule.Phrase)]
    [InlineData(@"\boxed{A}, no: \boxed{B}", "A", ExtractionRule.Boxed)]
    [InlineData("Option B is wrong", "B", ExtractionRule.Phrase)]
    [InlineData("I cannot determine this", "I", ExtractionRule.Capital)]
    [InlineData(@"<think>\boxed{C}?</think>\boxed{D}", "C", ExtractionRule.Boxed)]
    public void Known_weaknesses_stay(string reply, string letter, ExtractionRule rule)
    {
        var found = AnswerExtractor.Extract(reply);
        Assert.Equal((letter, rule), (found.Letter, found.Rule));
    }

    [Fact]
    public void Lone_surrogates_are_no_word_characters() =>
        Assert.Equal(new Extraction("H", ExtractionRule.Capital, 1), AnswerExtractor.Extract("\ud835H \udc00"));

    [Fact]
    public void A_null_reply_is_a_programming_error() => Assert.Throws<ArgumentNullException>(() => AnswerExtractor.Extract(null!));
}
