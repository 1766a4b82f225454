using LiveClin.Hosting.Local.Dashboard.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace LiveClin.Hosting.Local.Dashboard.ConsoleLogs;

/// <summary>The kept console lines of a resource as a text file.</summary>
internal static class ConsoleDownload
{
    public static string Url(string resourceId) => "/download/console/" + Uri.EscapeDataString(resourceId);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/download/console/{id}", async context =>
    {
        var resources = context.RequestServices.GetRequiredService<IDashboardResources>();
        var id = (string)context.Request.RouteValues["id"]!;
        if (resources.Resources.FirstOrDefault(r => r.Id == id) is not { } resource)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(resource.Name + ".log");
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.ContentType = "text/plain; charset=utf-8";
        await foreach (var lines in resources.ReadConsoleAsync(id, context.RequestAborted))
            foreach (var line in lines) await context.Response.WriteAsync(AnsiText.Strip(line.Text) + "\n", context.RequestAborted);
    });
}
