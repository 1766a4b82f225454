using System.Globalization;
using Google.Rpc;
using LiveClin.ServiceDefaults.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;

namespace LiveClin.ServiceDefaults.Access;

/// <summary>
/// Asks for the token: as <c>authorization: Bearer</c>, as <c>?t=</c> of a link once, and as the cookie that this link leaves.
/// </summary>
public static class AccessExtensions
{
    private const string Parameter = "t";
    private const string Bearer = "Bearer ";

    // They say that the service is there, and what its contract is: no more than the repository does.
    private static readonly string[] Open =
        [ServiceDefaultsExtensions.HealthPath, ServiceDefaultsExtensions.AlivePath, "/grpc.health.v1.Health",
            "/grpc.reflection.v1alpha.ServerReflection", "/grpc.reflection.v1.ServerReflection"];

    /// <summary>Asks whoever calls; before all that is mapped.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var token = app.Services.GetRequiredService<AccessToken>();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (IsForeign(context.Request, token))
                return RefuseAsync(context, Code.PermissionDenied, "FOREIGN_ORIGIN", "Pages of other origins may not call this service.");
            if (Open.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))) return next(context);
            if (IsKnown(context.Request, token))
            {
                context.Features.Get<KnownCaller>()?.Show();
                return next(context);
            }

            if (token.Accepts(context.Request.Query[Parameter])) return WelcomeAsync(context, token);
            return RefuseAsync(context, Code.Unauthenticated, "TOKEN_NEEDED",
                "This service asks for its token. Open the link that was printed at the start (it ends in ?t=…), or send 'authorization: Bearer TOKEN'; programs find it in the .access.json beside the store.");
        });
    }

    /// <summary>A link to a page that lets its reader in.</summary>
    /// <param name="token">The token.</param>
    /// <param name="url">The page.</param>
    public static string Link(this AccessToken token, string url)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(url);
        return token.Value is null
            ? url : $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Parameter}={Uri.EscapeDataString(token.Value)}";
    }

    private static bool IsKnown(HttpRequest request, AccessToken token)
    {
        if (token.Value is null || ShowsToken(request, token)) return true;
        return token.AcceptsCookie(request.Cookies[CookieName(request)]);
    }

    private static bool ShowsToken(HttpRequest request, AccessToken token)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && token.Accepts(header[Bearer.Length..].Trim());
    }

    // A browser says where a call comes from. A link elsewhere may lead to a page; nothing else may be fetched from there, WebSockets
    // included. Another port of this machine is the same site, and may be another user's. Who shows the token itself needs no cookie to
    // be lent.
    private static bool IsForeign(HttpRequest request, AccessToken token)
    {
        if (request.Headers.Origin is [{ Length: > 0 } origin])
            return !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        if (request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none") return false;
        return request.Headers["Sec-Fetch-Mode"] != "navigate" && !(token.Value is not null && ShowsToken(request, token));
    }

    // Cookies ignore the port: two services on one machine would take each other's away.
    private static string CookieName(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"liveclin-{request.HttpContext.Connection.LocalPort}");

    private static Task WelcomeAsync(HttpContext context, AccessToken token)
    {
        var request = context.Request;
        context.Response.Cookies.Append(CookieName(request), token.CookieValue, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            IsEssential = true,
        });
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        // The token does not stay in the address, nor in the history.
        var rest = QueryString.Create(request.Query.Where(pair => pair.Key != Parameter)
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value)));
        context.Response.Redirect(request.PathBase + request.Path + rest);
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, Code code, string reason, string message)
    {
        context.Response.Headers.CacheControl = "no-store";
        // Strangers keep no connection; HTTP/2 has no such header.
        if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)code).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
            return Task.CompletedTask;
        }

        if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return RpcErrors.ToHttp(RpcErrors.Because(code, reason, message)).ExecuteAsync(context);
        context.Response.StatusCode = code == Code.Unauthenticated ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
