using System.CommandLine;

namespace LiveClin.ServiceDefaults.Commands;

/// <summary><c>--urls</c>, the same for everything that listens.</summary>
public static class UrlsOption
{
    /// <summary>The option.</summary>
    /// <param name="description">What the addresses are for, and which they are otherwise.</param>
    /// <param name="most">Most addresses.</param>
    /// <param name="anyHost">True when the server holds nothing that others may not see.</param>
    public static Option<string?> Create(string description, int most, bool anyHost = false)
    {
        var option = new Option<string?>("--urls") { Description = description + " Port 0 takes a free one.",
            HelpName = most == 1 ? "URL" : "URL[;URL]" };
        option.Validators.Add(result =>
        {
            var urls = Split(result.GetValueOrDefault<string?>());
            if (urls.Length == 0) result.AddError("--urls: give an address such as http://127.0.0.1:8610.");
            if (urls.Length > most)
                result.AddError($"--urls: at most {most} {(most == 1 ? "address" : "addresses")}, separated by a semicolon.");
            foreach (var url in urls)
                if (Problem(url, anyHost) is { } problem) result.AddError($"--urls: '{url}' {problem}");
        });
        return option;
    }

    /// <summary>
    /// The settings that put a service's two endpoints at the addresses: the first HTTP/1.1 (pages, JSON, health), the second gRPC.
    /// </summary>
    /// <param name="urls">The option's value; null for none.</param>
    public static IReadOnlyDictionary<string, string?> ToEndpoints(string? urls)
    {
        string[] names = ["http", "grpc"];
        return Split(urls).Zip(names).ToDictionary(pair => $"Kestrel:Endpoints:{pair.Second}:Url", string? (pair) => pair.First);
    }

    private static string[] Split(string? urls) => (urls ?? "")
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Problem(string url, bool anyHost)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.PathAndQuery != "/")
            return "is not an address such as http://127.0.0.1:8610.";
        return anyHost || address.IsLoopback
            ? null
            : "is not on this machine alone, and whoever reaches it could read everything. Listen on 127.0.0.1; from elsewhere: 'ssh -L 8610:127.0.0.1:8610 HOST'.";
    }
}
