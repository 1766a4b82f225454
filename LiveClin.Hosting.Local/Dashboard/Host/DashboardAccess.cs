using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Hosting.Local.Dashboard.Host;

/// <summary>Who may see the pages: whoever brings the token once, and the cookie from then on.</summary>
internal sealed class DashboardAccess(string token)
{
    private readonly byte[] _token = Hash(token);
    private readonly string _session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public bool IsToken(string? candidate) => candidate is not null && CryptographicOperations.FixedTimeEquals(Hash(candidate), _token);

    public bool IsLoggedIn(HttpContext context) =>
        context.Request.Cookies.TryGetValue(CookieName(context), out var cookie) && CryptographicOperations.FixedTimeEquals(Hash(cookie), Hash(_session));

    /// <summary>The cookie is a secret of its own: the token itself is nowhere stored in the browser.</summary>
    public void LogIn(HttpContext context) => context.Response.Cookies.Append(CookieName(context), _session, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
    });

    // Cookies are shared by all ports of a host: the port in the name keeps two dashboards apart.
    private static string CookieName(HttpContext context) => "liveclin-dashboard-" + context.Connection.LocalPort;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
