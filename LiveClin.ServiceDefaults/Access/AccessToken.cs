using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LiveClin.ServiceDefaults.Access;

/// <summary>
/// What a caller must show: other users of the machine reach loopback, too. Random at each start, or configured
/// (<c>LiveClin:Access:Token</c>); none with <c>LiveClin:Access:Anonymous</c>.
/// </summary>
public sealed class AccessToken
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "LiveClin:Access";

    private readonly byte[] _token, _cookie;
    private readonly Func<string?>? _another;

    private AccessToken(string? value, bool isConfigured, Func<string?>? another = null)
    {
        (Value, IsConfigured, _another) = (value, isConfigured, another);
        (_token, _cookie) = (Hash(value ?? ""), Hash(CookieValue));
    }

    /// <summary>The token; null when everybody may call.</summary>
    public string? Value { get; }

    /// <summary>True when it is known to whoever set it, and need not be told.</summary>
    public bool IsConfigured { get; }

    /// <summary>What a browser keeps in its place: who reads the cookie does not know the token.</summary>
    public string CookieValue => Value is null ? "" : Convert.ToHexStringLower(Hash("cookie:" + Value));

    /// <summary>The token of a start.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="another">
    /// Finds the token of another service that callers of both have, where none is configured: it is taken now, and accepted later beside
    /// this start's own.
    /// </param>
    /// <exception cref="OptionsValidationException">It is too short, or nobody is asked on an address that others reach.</exception>
    public static AccessToken Of(IConfiguration configuration, Func<string?>? another = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        if (bool.TryParse(section["Anonymous"], out var isAnonymous) && isAnonymous)
        {
            if (ListensBeyondLoopback(configuration) is { } address)
                throw Wrong($"{Section}:Anonymous: {address} is reached by other machines, and whoever reaches it could do everything. Listen on 127.0.0.1, or leave the setting out: then a token is asked for.");
            return new AccessToken(null, isConfigured: true);
        }

        if (SecretText.WithoutLineEnd(section["Token"]) is not { Length: > 0 } configured)
        {
            var known = another?.Invoke();
            return new AccessToken(known ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), isConfigured: known is not null,
                another);
        }

        return SecretText.ProblemOfToken(configured) is { } problem
            ? throw Wrong($"{Section}:Token: {problem}")
            : new AccessToken(configured, isConfigured: true);
    }

    /// <summary>True for the token; takes as long for every other text.</summary>
    public bool Accepts(string? token) => Value is null || (token is not null && (IsOwn(token) || IsAnother(token)));

    /// <summary>True for the cookie's value; takes as long for every other text.</summary>
    public bool AcceptsCookie(string? value) =>
        Value is null || (value is not null && CryptographicOperations.FixedTimeEquals(Hash(value), _cookie));

    private bool IsOwn(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _token);

    // The other service may have been started later, or again.
    private bool IsAnother(string token) =>
        _another?.Invoke() is { Length: > 0 } other && CryptographicOperations.FixedTimeEquals(Hash(token), Hash(other));

    private static string? ListensBeyondLoopback(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren()
        .Select(endpoint => endpoint["Url"]).OfType<string>()
        .FirstOrDefault(url => BindingAddress.Parse(url) is var address && !IsLoopback(address.Host));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static OptionsValidationException Wrong(string message) => new(Section, typeof(AccessToken), [message]);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
