using System.Globalization;
using System.Numerics;

namespace LiveClin.Core.Formats;

/// <summary>Numbers and padded text exactly as Python 3 prints them, so that files written here equal the published tools' files.</summary>
public static class PythonFormat
{
    /// <summary>Python's <c>format(x, '.Nf')</c>: round half to even on the exact binary value.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return NotFinite(value);
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0) exponent++;
        else mantissa += 1L << 52;
        exponent -= 1075; // value = ± mantissa · 2^exponent

        var scaled = mantissa * BigInteger.Pow(10, decimals);
        var whole = exponent >= 0 ? scaled << exponent : DivideHalfEven(scaled, BigInteger.One << -exponent);
        var digits = whole.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = bits < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>Python's <c>format(x, '.N%')</c>.</summary>
    public static string Percent(double value, int decimals) => Fixed(value * 100, decimals) + "%";

    /// <summary>Python's <c>round(x, digits)</c>.</summary>
    public static double Round(double value, int digits) =>
        double.IsFinite(value) ? double.Parse(Fixed(value, digits), CultureInfo.InvariantCulture) : value;

    /// <summary>
    /// Python's <c>repr(x)</c>, which is also how its JSON writer prints a float: <c>0.0</c>, <c>1e-05</c>, <c>0.39999999999999997</c>.
    /// </summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value)) return NotFinite(value);
        if (value == 0) return double.IsNegative(value) ? "-0.0" : "0.0";

        // .NET finds the same shortest digits; only their layout differs.
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) dot = mantissa.Length;
        var all = mantissa.Remove(dot, dot < mantissa.Length ? 1 : 0);
        var significant = all.TrimStart('0');
        var point = power + dot - 1 - (all.Length - significant.Length); // power of ten of the first significant digit
        var digits = significant.TrimEnd('0');

        var sign = value < 0 ? "-" : "";
        if (point is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(point < 0 ? '-' : '+')}{Math.Abs(point):00}";
        }

        if (point < 0) return $"{sign}0.{new string('0', -point - 1)}{digits}";
        var padded = digits.PadRight(point + 2, '0');
        return $"{sign}{padded[..(point + 1)]}.{padded[(point + 1)..]}";
    }

    /// <summary>Python's <c>format(text, '&lt;width')</c>: pads on the right to a width in code points.</summary>
    public static string PadRight(string text, int width) => text + Spaces(width - Length(text));

    /// <summary>Python's <c>format(text, '&gt;width')</c>: pads on the left to a width in code points.</summary>
    public static string PadLeft(string text, int width) => Spaces(width - Length(text)) + text;

    /// <summary>Python's <c>text[:count]</c>, which counts code points.</summary>
    public static string Take(string text, int count)
    {
        var end = 0;
        for (; count > 0 && end < text.Length; count--)
            end += char.IsHighSurrogate(text[end]) && end + 1 < text.Length && char.IsLowSurrogate(text[end + 1]) ? 2 : 1;
        return text[..end];
    }

    /// <summary>Python's <c>len(text)</c>: code points, a lone surrogate being one.</summary>
    public static int Length(string text)
    {
        var pairs = 0;
        for (var i = 1; i < text.Length; i++)
            if (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1])) pairs++;
        return text.Length - pairs;
    }

    /// <summary>Python's order of strings: by code point, where .NET's ordinal order goes by UTF-16 unit.</summary>
    public static int Compare(string? left, string? right)
    {
        left ??= "";
        right ??= "";
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            char a = left[i], b = right[i];
            if (a == b) continue;
            // Units that belong to code points above U+FFFF sort after all others.
            return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static string Spaces(int count) => count > 0 ? new string(' ', count) : "";

    private static string NotFinite(double value) => double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    private static BigInteger DivideHalfEven(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var remainder);
        var twice = (remainder << 1).CompareTo(divisor);
        return twice > 0 || (twice == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
