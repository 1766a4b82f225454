using LiveClin.Core.Conditions;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>Names of conditions: one for each, whatever was typed; what cannot be joined is refused.</summary>
public sealed class ConditionNameTests
{
    [Theory]
    [InlineData("published", "published")]
    [InlineData("shuffled", "shuffled:1")]
    [InlineData("shuffled:007", "shuffled:7")]
    [InlineData(" no-images + shuffled:2 ", "shuffled:2+no-images")]
    [InlineData("single-turn+no-case", "no-case+single-turn")]
    [InlineData("gold-history+none-of-the-above+no-tables+swapped-images+rotated:3",
        "rotated:3+swapped-images:1+no-tables+none-of-the-above+gold-history")]
    [InlineData("wrong-history", "wrong-history:1")]
    [InlineData("choices-only+shuffled", "shuffled:1+choices-only")]
    public void Parts_are_written_in_one_order_with_their_numbers(string typed, string name)
    {
        Assert.Equal(name, Condition.Parse(typed).Name);
        Assert.Equal(Condition.Parse(name), Condition.Parse(typed));
    }

    [Theory]
    [InlineData("no-images+images-missing", "the images")]
    [InlineData("blank-images+swapped-images:2", "the images")]
    [InlineData("shuffled+rotated", "the options' order")]
    [InlineData("shuffled:1+shuffled:1", "the options' order")]
    [InlineData("gold-history+wrong-history", "the conversation's history")]
    [InlineData("gold-history+single-turn", "the conversation's history")]
    [InlineData("wrong-history+choices-only", "the conversation's history")]
    [InlineData("single-turn+choices-only", "the conversation's history")]
    [InlineData("no-case+choices-only", "what is shown of the case")]
    [InlineData("no-case+no-images", "the images")]
    [InlineData("no-tables+no-case", "the tables")]
    [InlineData("choices-only+images-missing", "the images")]
    [InlineData("none-of-the-above+none-of-the-above", "the options' words")]
    [InlineData("published+no-images", "joined with nothing")]
    [InlineData("", "there is no condition ''")]
    [InlineData("no-images+", "there is no condition ''")]
    [InlineData("No-Images", "there is no condition 'No-Images'")]
    [InlineData("standard+no-images", "there is no condition 'standard'")]
    [InlineData("no-images:1", "takes no number")]
    [InlineData("published:1", "there is no condition 'published'")]
    [InlineData("shuffled:", "whole number")]
    [InlineData("shuffled:-1", "whole number")]
    [InlineData("shuffled:1.5", "whole number")]
    [InlineData("shuffled:2147483648", "whole number")]
    public void What_is_none_or_cannot_be_joined_says_why(string typed, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Condition.Parse(typed)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_standard_set_stands_in_lists_and_nothing_counts_twice()
    {
        string[] standard =
            ["published", "shuffled:1", "shuffled:2", "no-images", "images-missing", "choices-only", "no-case", "gold-history",
                "single-turn"];
        Assert.Equal(standard, Condition.ParseList(["standard"]).Select(condition => condition.Name));
        Assert.Equal([.. standard, "no-tables"],
            Condition.ParseList(["published", "standard", "no-tables", "shuffled"]).Select(condition => condition.Name));
    }

    [Fact]
    public void Conditions_that_share_the_published_first_turn_come_first_in_the_order_for_caches() => Assert.Equal(
        ["published", "gold-history", "single-turn", "shuffled:1", "shuffled:2", "no-images", "images-missing", "no-case", "choices-only"],
        Condition.Standard.OrderBy(condition => condition.CacheOrder).Select(condition => condition.Name));
}
