using LiveClin.Core.Costs;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;
using Microsoft.Extensions.Configuration;

namespace LiveClin.Stats.Tests.Cost;

public class CostSummaryTests
{
    private static readonly Price Price = new() { Input = 2, CachedInput = 0.5, Output = 10 };

    [Fact]
    public void Money_counts_cached_tokens_at_their_own_price()
    {
        var cost = Summarize(Asked(1_000_000, 400_000, 100_000, 100), Asked(1_000_000, 0, 0, 300));
        Assert.Equal((0.6 * 2) + (0.4 * 0.5) + 1 + 2, cost.Cost!.Value, 12);
        Assert.Equal(cost.Cost, cost.CostPerCorrectCase);
        Assert.Equal((2_000_000, 400_000, 0.2), (cost.InputTokens!.Value, cost.CachedTokens!.Value, cost.CachedShare!.Value));
        Assert.Equal((200, 400.0, 4, 2), (cost.LatencyMs!.Median, cost.CaseMs!.Median, cost.Requests, cost.Retries));
        Assert.Equal(298, cost.LatencyMs.P99, 6); // numpy.percentile([100, 300], 99)
    }

    [Fact]
    public void What_the_server_did_not_say_is_not_invented()
    {
        var cost = Summarize(Asked(10, null, 5, 100), Asked(null, null, null, float.NaN));
        Assert.Null(cost.Cost); // one answer has no counts
        Assert.Null(cost.CachedTokens);
        Assert.Null(cost.CaseMs);
        Assert.Equal((10, 1), (cost.InputTokens!.Value, cost.AnswersWithTokens));
        var nothing = Summarize(SyntheticSets.Answer(true), SyntheticSets.Answer(true));
        Assert.Equal((0, null, null), (nothing.Requests, nothing.InputTokens, nothing.Cost));
    }

    [Fact]
    public void Prices_come_from_the_settings_of_the_models()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("LiveClin:Models:0:Name", "m"), new("LiveClin:Models:0:Price:Input", "1.5"), new("LiveClin:Models:0:Price:Output", "2"),
            new("LiveClin:Models:1:Name", "free"), new("LiveClin:Models:1:Price:Input", "0"),
        ]).Build();
        var table = PriceTable.From(settings);
        Assert.Equal(new Price { Input = 1.5, Output = 2 }, table["m"]);
        Assert.Null(table["free"]);
        settings["LiveClin:Models:0:Price:Input"] = "-1";
        Assert.Contains("LiveClin:Models:0:Price:Input is '-1'",
            Assert.Throws<InvalidDataException>(() => PriceTable.From(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_prices_are_in_one_currency_and_it_has_three_letters()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("LiveClin:Models:0:Name", "m"), new("LiveClin:Models:0:Price:Input", "1.5"), new("LiveClin:Models:0:Price:Currency", "EUR"),
            new("LiveClin:Models:1:Name", "n"), new("LiveClin:Models:1:Price:Input", "2"), new("LiveClin:Models:1:Price:Currency", "EUR"),
        ]).Build();
        Assert.Equal("EUR", PriceTable.From(settings)["n"]!.Currency);
        settings["LiveClin:Models:1:Price:Currency"] = null;
        Assert.Contains("prices are in EUR and USD", Assert.Throws<InvalidDataException>(() => PriceTable.From(settings)).Message,
            StringComparison.Ordinal);
        settings["LiveClin:Models:1:Price:Currency"] = "Euro";
        Assert.Contains("Models:1:Price:Currency is 'Euro'", Assert.Throws<InvalidDataException>(() => PriceTable.From(settings)).Message,
            StringComparison.Ordinal);
    }

    private static AnswerFacts Asked(int? input, int? cached, int? output, float latency) =>
        SyntheticSets.Answer(true) with
        {
            Attempts = 2,
            InputTokens = input,
            CachedTokens = cached,
            OutputTokens = output,
            LatencyMs = latency,
        };

    private static CostSummary Summarize(params AnswerFacts[] answers)
    {
        var set = SyntheticSets.Counts([answers.Length], ("m", [0]));
        return CostSummary.Of(set, set.Models[0] with { Answers = [.. answers] }, Price);
    }
}
