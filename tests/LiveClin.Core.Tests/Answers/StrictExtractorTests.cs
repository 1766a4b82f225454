using LiveClin.Core.Answers;

namespace LiveClin.Core.Tests.Answers;

public sealed class StrictExtractorTests
{
    private const string Offered = "ABCDEFGHIJ";

    [Theory]
    [InlineData(@"\boxed{A}", 'A', 7)]
    [InlineData(@"\boxed{A} rather \boxed{B}", 'B', 24)]
    [InlineData(@"so $\boxed{ \text{ C } }$", 'C', 19)]
    [InlineData(@"\boxed{\mathbf{D}}", 'D', 15)]
    [InlineData(@"\boxed{\textbf{\mathrm{e}}}", 'E', 23)]
    [InlineData(@"\boxed {$F$}", 'F', 9)]
    [InlineData(@"\boxed{{G}}", 'G', 8)]
    [InlineData(@"<think>\boxed{A}</think>\boxed{B}<THINK>no, \boxed{C}</THINK>", 'B', 31)]
    [InlineData(@"<thinking>\boxed{A}</thinking>\boxed{B}", 'B', 37)]
    [InlineData(@"maybe \boxed{A}</think>\boxed{B}", 'B', 30)]
    [InlineData(@"\boxed{A} is what I <think> of it", 'A', 7)]
    public void The_last_box_outside_of_reasoning_counts(string reply, char letter, int start) =>
        Assert.Equal(new Extraction(letter.ToString(), ExtractionRule.Boxed, start), StrictExtractor.Extract(reply, Offered));

    [Theory]
    [InlineData("")]
    [InlineData("The answer is A.")]
    [InlineData(@"\boxed{A} or \boxed{AB}")]
    [InlineData(@"\boxed{A} or \boxed{}")]
    [InlineData(@"\boxed{\frac{A}{B}}")]
    [InlineData(@"\boxed{\text{A}")]
    [InlineData(@"\boxed{\text A}")]
    [InlineData(@"\boxed{A")]
    [InlineData(@"\boxed")]
    [InlineData(@"\boxed{\")]
    [InlineData(@"\Boxed{A}")]
    [InlineData("\\boxed{\u0131}")]
    [InlineData(@"<think>it is \boxed{A}")]
    [InlineData(@"<think>one</think> <think>it is \boxed{A}")]
    [InlineData(@"it is \boxed{A}</think>")]
    public void Anything_else_has_no_letter(string reply) => Assert.Equal(Extraction.None, StrictExtractor.Extract(reply, Offered));

    [Fact]
    public void A_letter_that_was_not_offered_is_none() =>
        Assert.Equal(Extraction.None, StrictExtractor.Extract(@"\boxed{J}", "ABCDEFGHI"));
}
