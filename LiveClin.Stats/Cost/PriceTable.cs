using System.Collections.Immutable;

namespace LiveClin.Stats.Cost;

/// <summary>What tokens of a model cost, in a currency of the reader's choice per million tokens.</summary>
public sealed record Price
{
    /// <summary>Prompt tokens that no cache served.</summary>
    public double Input { get; init; }

    /// <summary>Prompt tokens from a prefix cache; the price of <see cref="Input"/> when not given.</summary>
    public double? CachedInput { get; init; }

    /// <summary>Completion tokens, reasoning included.</summary>
    public double Output { get; init; }

    /// <summary>What tokens cost.</summary>
    /// <param name="input">Prompt tokens, cached ones included.</param>
    /// <param name="cached">Those of them from a prefix cache.</param>
    /// <param name="output">Completion tokens.</param>
    public double CostOf(long input, long cached, long output)
    {
        var served = Math.Min(input, cached);
        return (((input - served) * Input) + (served * (CachedInput ?? Input)) + (output * Output)) / 1e6;
    }
}

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
    /// <exception cref="InvalidDataException">A price is no number, or negative.</exception>
    public static PriceTable From(IConfiguration configuration)
    {
        var prices = new Dictionary<string, Price>(StringComparer.Ordinal);
        foreach (var model in configuration.GetSection("LiveClin:Models").GetChildren())
        {
            if (model["Name"] is not { Length: > 0 } name || !model.GetSection("Price").Exists()) continue;
            var price = new Price { Input = Read(model, "Input") ?? 0, CachedInput = Read(model, "CachedInput"), Output = Read(model, "Output") ?? 0 };
            // All zero is how a settings file says that nothing is charged or known.
            if (price.Input > 0 || price.Output > 0) prices[name] = price;
        }

        return new PriceTable(prices);
    }

    private static double? Read(IConfigurationSection model, string name)
    {
        var text = model[$"Price:{name}"];
        if (string.IsNullOrEmpty(text)) return null;
        return double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new InvalidDataException($"{model.Path}:Price:{name} is '{text}'; a number per million tokens, 0 or more, was expected.");
    }
}
