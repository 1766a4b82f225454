using System.Globalization;

namespace LiveClin.Core.Costs;

/// <summary>What tokens of a model cost, per million of them.</summary>
public sealed record Price
{
    /// <summary>The currency where none is named.</summary>
    public const string DefaultCurrency = "USD";

    /// <summary>Prompt tokens that no cache served.</summary>
    public double Input { get; init; }

    /// <summary>Prompt tokens from a prefix cache; the price of <see cref="Input"/> when not given.</summary>
    public double? CachedInput { get; init; }

    /// <summary>Completion tokens, reasoning included.</summary>
    public double Output { get; init; }

    /// <summary>Three letters of ISO 4217.</summary>
    public string Currency { get; init; } = DefaultCurrency;

    /// <summary>True when nothing is charged, or nothing is known of it: all zero is how a settings file says so.</summary>
    public bool IsFree => Input <= 0 && Output <= 0;

    /// <summary>What tokens cost, in <see cref="Currency"/>.</summary>
    /// <param name="input">Prompt tokens, cached ones included.</param>
    /// <param name="cached">Those of them from a prefix cache.</param>
    /// <param name="output">Completion tokens.</param>
    public double CostOf(long input, long cached, long output)
    {
        var served = Math.Min(input, cached);
        return (((input - served) * Input) + (served * (CachedInput ?? Input)) + (output * Output)) / 1e6;
    }

    /// <summary>
    /// True when tokens from a cache would cost more than others: then the numbers were given in another order, or with commas for
    /// points.
    /// </summary>
    public bool IsCacheDearer => CachedInput > Input;

    /// <summary>The numbers, as <c>2.5 for prompts (1.25 from a cache) and 10 for replies, in USD per million tokens</c>.</summary>
    public override string ToString()
    {
        var cached = CachedInput is { } served ? string.Create(CultureInfo.InvariantCulture, $" ({served} from a cache)") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Input} for prompts{cached} and {Output} for replies, in {Currency} per million tokens");
    }

    /// <summary>True for a number that can be a price.</summary>
    public static bool IsAmount(double? amount) => amount is null || (amount >= 0 && double.IsFinite(amount.Value));

    /// <summary>True for three capital letters.</summary>
    public static bool IsCurrency(string? text) => text is { Length: 3 } && text.All(char.IsAsciiLetterUpper);
}
