using LiveClin.Core.Conditions;
using LiveClin.Evaluator.Costs;

namespace LiveClin.Evaluator.Tests.Costs;

/// <summary>Tokens of texts and images, against what providers state.</summary>
public sealed class TokenCountTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("hello world", 2)]
    [InlineData("A 54-year-old man presents with chest pain.", 11)]
    public void Text_is_counted_as_o200k_does(string text, int tokens) => Assert.Equal(tokens, TokenCounter.Get().Count(text));

    [Fact]
    public void A_word_without_an_end_is_counted_in_pieces()
    {
        // In one piece it would take the better part of a minute.
        Assert.InRange(TokenCounter.Get().Count(new string('a', 200_000)), 20_000, 30_000);
        Assert.True(TokenCounter.Get().Count("a\ud800b") > 0);
    }

    [Theory]
    [InlineData("gpt-4o", 1024, 1024, 765)] // OpenAI's own examples
    [InlineData("gpt-4o", 2048, 4096, 1105)]
    [InlineData("some-model", 512, 512, 255)]
    [InlineData("claude-sonnet-4-5", 1092, 1092, 1590)] // Anthropic's
    [InlineData("claude-sonnet-4-5", 4000, 4000, 1600)]
    [InlineData("gemini-2.5-pro", 300, 200, 258)] // Google's
    [InlineData("gemini-2.5-pro", 960, 540, 516)]
    [InlineData("Qwen/Qwen2.5-VL-7B-Instruct", 1024, 1024, 1369)]
    [InlineData("Qwen2.5-VL-7B", 10, 10, 4)]
    public void Images_are_counted_by_their_providers_rules(string apiId, int width, int height, int tokens) =>
        Assert.Equal(tokens, ImageTokens.For(apiId).Of(new PixelSize(width, height)));

    [Fact]
    public void An_image_of_unknown_size_counts_as_a_usual_one() => Assert.Equal(765, ImageTokens.For("gpt-4o").Of(null));
}
