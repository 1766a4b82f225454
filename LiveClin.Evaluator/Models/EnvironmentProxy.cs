using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// The proxy of the environment as curl, Python and Go read it: <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>, and
/// <c>NO_PROXY</c> with <c>*</c>, domains (with all below them), <c>host:port</c>, addresses and subnets. .NET's own knows hosts and
/// domains only.
/// </summary>
/// <param name="variables">Reads a variable of the environment; small letters come first.</param>
internal sealed class EnvironmentProxy(Func<string, string?> variables) : IWebProxy
{
    private const string RemoteSocks = "socks5h://";

    // One of a kind that cannot be used: somebody wants a proxy, and nothing may go past it because its address has a mistake.
    private static readonly Uri Unreadable = new("unreadable-address://proxy.invalid");

    private readonly Uri? _http = Read(variables, "http_proxy") ?? Read(variables, "all_proxy");
    private readonly Uri? _https = Read(variables, "https_proxy") ?? Read(variables, "all_proxy");
    private readonly string[] _without = (Value(variables, "no_proxy") ?? "")
        .Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The one of this process.</summary>
    public static EnvironmentProxy OfProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>User and password of the proxy's own address.</summary>
    public ICredentials? Credentials
    {
        get => CredentialsOf(_https) ?? CredentialsOf(_http);
        set => throw new NotSupportedException("The environment says who the proxy's user is.");
    }

    /// <summary>The proxy on the way to an address; null for none.</summary>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : ProxyOf(destination);

    /// <summary>The proxy on the way to an address as it may be shown; null for none.</summary>
    public string? Shown(Uri destination) => GetProxy(destination)?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    public bool IsBypassed(Uri host) => host.IsLoopback || ProxyOf(host) is null || _without.Any(entry => Matches(entry, host));

    private Uri? ProxyOf(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    // Samples: * · example.com · .example.com · *.example.com · example.com:8443 · 10.0.0.7 · 10.0.0.0/8 · [fd00::1]:443
    private static bool Matches(string entry, Uri host)
    {
        if (entry == "*") return true;
        var name = host.IdnHost.TrimEnd('.').Trim('[', ']');
        if (NetworkOf(entry) is { } network) return IPAddress.TryParse(name, out var within) && network.Contains(within);
        var (domain, port) = Split(entry);
        if (port is { } only && only != host.Port) return false;
        if (IPAddress.TryParse(domain, out var address)) return IPAddress.TryParse(name, out var own) && own.Equals(address);
        domain = domain.TrimStart('*').TrimStart('.').TrimEnd('.');
        return domain.Length > 0 && name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.');
    }

    // 10.1.2.3/8 is 10.0.0.0/8, as others read it.
    private static IPNetwork? NetworkOf(string entry)
    {
        if (entry.Split('/') is not [var start, var length] || !IPAddress.TryParse(start.Trim('[', ']'), out var address)
            || !byte.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)) return null;
        var bytes = address.GetAddressBytes();
        if (bits > bytes.Length * 8) return null;
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(bits - (i * 8), 0, 8));
        return new IPNetwork(new IPAddress(bytes), bits);
    }

    private static (string Host, int? Port) Split(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var isIpv6 = IPAddress.TryParse(entry, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            && !entry.Contains(']', StringComparison.Ordinal);
        if (isIpv6 || colon < 0 || !ushort.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return (entry.Trim('[', ']'), null);
        return (entry[..colon].Trim('[', ']'), port);
    }

    private static NetworkCredential? CredentialsOf(Uri? proxy)
    {
        if (proxy is not { UserInfo.Length: > 0 }) return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private static Uri? Read(Func<string, string?> variables, string name)
    {
        // A web server hands a header "Proxy" on to its scripts as HTTP_PROXY: in capitals it is the caller's.
        var text = name == "http_proxy" && variables("REQUEST_METHOD") is not null ? variables(name) : Value(variables, name);
        if (string.IsNullOrWhiteSpace(text)) return null;
        var address = text.Contains("://", StringComparison.Ordinal) ? text.Trim() : $"http://{text.Trim()}";
        // .NET has no word for a SOCKS proxy that resolves names, because every one of version 5 does there.
        if (address.StartsWith(RemoteSocks, StringComparison.OrdinalIgnoreCase)) address = $"socks5://{address[RemoteSocks.Length..]}";
        return Uri.TryCreate(address, UriKind.Absolute, out var proxy) && proxy.Host.Length > 0 ? proxy : Unreadable;
    }

    private static string? Value(Func<string, string?> variables, string name) =>
        variables(name) is { Length: > 0 } small ? small : variables(name.ToUpperInvariant()) is { Length: > 0 } large ? large : null;
}
