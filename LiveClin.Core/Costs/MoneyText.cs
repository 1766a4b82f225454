using System.Globalization;

namespace LiveClin.Core.Costs;

/// <summary>Amounts of money in words.</summary>
public static class MoneyText
{
    /// <summary><c>12.50 USD</c>, <c>0.0042 USD</c>: two places, four below one unit.</summary>
    public static string Of(double amount, string currency) => $"{Amount(amount)} {currency}";

    /// <summary><c>0.41 to 0.62 USD</c>; one amount where both look alike.</summary>
    public static string Range(double least, double most, string currency) =>
        Amount(least) == Amount(most) ? Of(most, currency) : $"{Amount(least)} to {Of(most, currency)}";

    private static string Amount(double amount) => amount.ToString(amount is < 1 and > 0 ? "0.00##" : "N2", CultureInfo.InvariantCulture);
}
