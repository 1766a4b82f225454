using System.Globalization;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Service;

/// <summary>A page of a list; the token is the position of the next page's first item.</summary>
internal static class Paging
{
    private const int Default = 100, Largest = 1000;

    public static (IEnumerable<T> Items, string NextToken) Page<T>(IReadOnlyList<T> all, int size, string token)
    {
        if (size is < 0 or > Largest)
            throw RequestException.Invalid("page_size", $"page_size is {size}; 1 to {Largest} was expected, or 0 for {Default}.");
        var from = 0;
        if (token.Length > 0 && (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out from) || from > all.Count))
            throw RequestException.Invalid("page_token", $"'{token}' is not a page token of this list.");
        var to = Math.Min(all.Count, from + (size == 0 ? Default : size));
        return (all.Skip(from).Take(to - from), to < all.Count ? to.ToString(CultureInfo.InvariantCulture) : "");
    }
}
