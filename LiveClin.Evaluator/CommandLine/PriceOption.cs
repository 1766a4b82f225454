using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Costs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>--price</c> and <c>--max-cost</c>: what tokens cost, and what all of it may.</summary>
internal sealed class PriceOption
{
    private readonly Option<string?> _price = new("--price")
    {
        Description = "What a million tokens cost: of prompts, of prompts from a prefix cache (else as prompts), of replies; in USD unless "
            + "another currency stands behind it: '2.5,10', '2.5,1.25,10 EUR'. For a batch API its batch prices.",
        HelpName = "IN[,CACHED],OUT[ CUR]",
    };

    private readonly Option<double?> _most = new("--max-cost")
    {
        Description = "Stop cleanly before all runs of this model on this release cost more than this together (needs --price); a higher one "
            + "goes on.",
        HelpName = "X",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_price);
        command.Options.Add(_most);
        _price.Check(text => text is null ? null
            : TryParse(text) is not { } price ? $"{_price.Name}: '{text}' is no price such as 2.5,10 or 2.5,1.25,10 EUR."
            : price.IsCacheDearer
                ? $"{_price.Name}: '{text}' would be {price}, and a cache is never dearer. The order is IN,CACHED,OUT, and 2.5 has a point."
            : null);
        _most.Check(most => most is null or > 0 && double.IsFinite(most ?? 1) ? null : $"{_most.Name} must be above 0.");
    }

    /// <exception cref="CommandException">There is a limit without a price.</exception>
    public (Price? Price, double? Most) Read(ParseResult parsed)
    {
        var (price, most) = (parsed.GetValue(_price) is { } text ? TryParse(text) : null, parsed.GetValue(_most));
        if (most is not null && price is null or { IsFree: true })
            throw new CommandException($"{_most.Name} needs {_price.Name}: without it nothing is known of costs.");
        return (price, most);
    }

    // Samples: 2.5,10 · 2.5,1.25,10 · 2.5,1.25,10 EUR
    private static Price? TryParse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || (words.Length == 2 && !Price.IsCurrency(words[1]))) return null;
        var amounts = words[0].Split(',').Select(Amount).ToList();
        if (amounts.Count is not (2 or 3) || amounts.Any(amount => amount is null)) return null;
        return new Price
        {
            Input = amounts[0]!.Value, CachedInput = amounts.Count == 3 ? amounts[1] : null, Output = amounts[^1]!.Value,
            Currency = words.Length == 2 ? words[1] : Price.DefaultCurrency,
        };
    }

    private static double? Amount(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && Price.IsAmount(amount)
            ? amount : null;
}
