using System.Collections.Immutable;
using LiveClin.Core.Costs;

namespace LiveClin.Stats.Cost;

/// <summary>Prices by model, from the <c>LiveClin:Models</c> settings (<c>Name</c> and <c>Price</c>).</summary>
public sealed class PriceTable
{
    private readonly ImmutableDictionary<string, Price> _prices;

    /// <summary>Creates a table.</summary>
    public PriceTable(IEnumerable<KeyValuePair<string, Price>> prices) => _prices = prices.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>No prices.</summary>
    public static PriceTable Empty { get; } = new([]);

    /// <summary>A model's price; null when none is set.</summary>
    public Price? this[string model] => _prices.GetValueOrDefault(model);

    /// <summary>Reads the settings' models.</summary>
    /// <exception cref="InvalidDataException">A price is no number, or negative; its currency is none, or another than the other
    /// models'.</exception>
    public static PriceTable From(IConfiguration configuration)
    {
        var prices = new Dictionary<string, Price>(StringComparer.Ordinal);
        foreach (var model in configuration.GetSection("LiveClin:Models").GetChildren())
        {
            if (model["Name"] is not { Length: > 0 } name || !model.GetSection("Price").Exists()) continue;
            var price = new Price
            {
                Input = Read(model, "Input") ?? 0, CachedInput = Read(model, "CachedInput"), Output = Read(model, "Output") ?? 0,
                Currency = Currency(model),
            };
            if (!price.IsFree) prices[name] = price;
        }

        // Side by side in one table and one plot, amounts must be comparable.
        if (prices.Values.Select(price => price.Currency).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 1 } currencies)
            throw new InvalidDataException(
                $"LiveClin:Models: prices are in {string.Join(" and ", currencies)}; give all of them in one currency.");

        return new PriceTable(prices);
    }

    private static string Currency(IConfigurationSection model)
    {
        if (model["Price:Currency"] is not { Length: > 0 } text) return Price.DefaultCurrency;
        return Price.IsCurrency(text)
            ? text
            : throw new InvalidDataException($"{model.Path}:Price:Currency is '{text}'; three capital letters such as USD were expected.");
    }

    private static double? Read(IConfigurationSection model, string name)
    {
        var text = model[$"Price:{name}"];
        if (string.IsNullOrEmpty(text)) return null;
        return double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= 0
            && double.IsFinite(value)
            ? value
            : throw new InvalidDataException(
                $"{model.Path}:Price:{name} is '{text}'; a number per million tokens, 0 or more, was expected.");
    }
}
