using LiveClin.Hosting.Local.Otlp.Receivers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Hosting.Local.Dashboard.Host;

/// <summary>Sends everyone who has not logged in to the login page.</summary>
internal sealed class DashboardLogin(RequestDelegate next, DashboardAccess access)
{
    public const string Path = "/login";

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        // The receivers ask for their own key; public endpoints (login, style sheets) say so.
        if (context.Features.Get<Listener>() != Listener.Web || endpoint?.Metadata.GetMetadata<Public>() is not null || access.IsLoggedIn(context)) return next(context);
        if (HttpMethods.IsGet(context.Request.Method) && !context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Redirect(Path);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        var access = app.ServiceProvider.GetRequiredService<DashboardAccess>();
        var files = app.ServiceProvider.GetRequiredService<EmbeddedFiles>();
        app.MapGet(Path, context => context.Request.Query["t"] is [var token] ? LogInAsync(context, token, access, files) : PageAsync(context, files, failed: false)).WithMetadata(new Public());
        app.MapPost(Path, async context =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            await LogInAsync(context, form["t"], access, files);
        }).WithMetadata(new Public());
    }

    private static Task LogInAsync(HttpContext context, string? token, DashboardAccess access, EmbeddedFiles files)
    {
        if (!access.IsToken(token?.Trim())) return PageAsync(context, files, failed: true);
        access.LogIn(context);
        // The redirect takes the token out of the address bar and the history.
        context.Response.Redirect("/");
        return Task.CompletedTask;
    }

    private static Task PageAsync(HttpContext context, EmbeddedFiles files, bool failed)
    {
        context.Response.StatusCode = failed ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Log in · LiveClin dashboard</title>
              <link rel="icon" href="{files.Url("favicon.svg")}" type="image/svg+xml">
              <link rel="stylesheet" href="{files.Url("login.css")}">
            </head>
            <body>
              <main>
                <img src="{files.Url("favicon.svg")}" alt="" width="48" height="48">
                <h1>LiveClin dashboard</h1>
                <p>The app host printed a login address when it started. Open that address, or paste its token here.</p>
                <form method="post" action="{Path}">
                  <label for="t">Token</label>
                  <input id="t" name="t" type="password" autocomplete="off" required autofocus{(failed ? " aria-invalid=\"true\" aria-describedby=\"error\"" : "")}>
                  {(failed ? "<p id=\"error\" class=\"error\" role=\"alert\">That is not this dashboard's token. A new one is made at each start.</p>" : "")}
                  <button type="submit">Log in</button>
                </form>
              </main>
            </body>
            </html>
            """);
    }

    /// <summary>Marks an endpoint that needs no login.</summary>
    internal sealed class Public;
}
