using System.Text.RegularExpressions;

namespace LiveClin.Hosting.Local.Dashboard.AppModel;

/// <summary>
/// Recognises secrets that nobody declared: a variable named like one, or a value with one in it
/// (<c>Endpoint=…;Key=…</c>, <c>x-otlp-api-key=…</c>, <c>https://user:password@host</c>).
/// </summary>
internal static partial class SecretNames
{
    public static bool IsSecret(string name, string? value) =>
        !string.IsNullOrEmpty(value) && (value.Trim('*').Length == 0 || Name().IsMatch(name) || Value().IsMatch(value));

    [GeneratedRegex("(?:^|[_:.-])(?:.*(?:api|access|private|secret)[_-]?)?key$|secret|password|passwd|token$|credential", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:^|[;,&\s])(?:[\w-]*key|password|pwd|[\w-]*token|secret)\s*=\s*[^;,\s]|://[^/\s:@]+:[^/\s@]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Value();
}
