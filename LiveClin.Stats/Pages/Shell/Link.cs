using System.Globalization;
using System.Text;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>Addresses of views: everything that a view shows is in its query, so that the address restores it.</summary>
internal static class Link
{
    /// <summary>An address; values that are null or empty are left out, lists repeat their name.</summary>
    public static string To(string path, params (string Name, object? Value)[] query)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in query)
        {
            foreach (var text in value switch { null => [], string one => [one], IEnumerable<string> many => many,
                _ => [Convert.ToString(value, CultureInfo.InvariantCulture)!] })
            {
                if (text.Length == 0) continue;
                address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(text));
                separator = '&';
            }
        }

        return address.ToString();
    }
}
