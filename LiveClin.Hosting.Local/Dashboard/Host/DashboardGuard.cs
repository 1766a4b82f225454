using Microsoft.AspNetCore.Http;

namespace LiveClin.Hosting.Local.Dashboard.Host;

/// <summary>What holds for every response: only asked for by a loopback name, never framed, nothing loaded from elsewhere.</summary>
internal sealed class DashboardGuard(RequestDelegate next)
{
    // Styles inline: the component library writes its theme as a style element and sets style attributes.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // With "no-referrer" browsers send forms of our own with the origin "null", which is refused below.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // A foreign name that resolves to loopback (DNS rebinding) is not served.
        if (context.Request.Host.Host is not ("127.0.0.1" or "localhost" or "[::1]")) return Refuse(context, 400, "This dashboard is reached as 127.0.0.1 or localhost.");
        // Another page on this machine is "same site" for cookies; its requests carry its own origin.
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && origin != $"{context.Request.Scheme}://{context.Request.Host}") return Refuse(context, 403, "Requests from other origins are refused.");
        return next(context);
    }

    private static Task Refuse(HttpContext context, int statusCode, string message)
    {
        context.Response.StatusCode = statusCode;
        return context.Response.WriteAsync(message);
    }
}
