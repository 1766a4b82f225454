using LiveClin.Stats.Controls;
using LiveClin.Stats.Pages.Shell;
using LiveClin.Stats.Plots;

namespace LiveClin.Stats.Pages.Host;

/// <summary>Plots as files: <c>/plots/case-accuracy.svg?theme=dark&amp;models=a&amp;models=b</c>.</summary>
internal static class PlotEndpoint
{
    public static string Url(string name, string format, string theme, params (string Name, object? Value)[] query) =>
        Link.To($"/plots/{name}.{format}", [.. query, ("theme", theme)]);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/plots/{file}", SendAsync);

    private static async Task SendAsync(
        HttpContext context, string file, string? release, string[]? use, string[]? models, string? theme,
        ResultViews views, ControlReader controls, PlotFiles plots)
    {
        var stop = context.RequestAborted;
        var (name, ending) = (Path.GetFileNameWithoutExtension(file), Path.GetExtension(file));
        try
        {
            var view = await views.GetAsync(release, use, stop);
            string[] names = [.. PlotFiles.NamesFor(view.Set)];
            if (PlotFileFormat.Find(ending) is not { } format || !names.Contains(name))
            {
                await RefuseAsync(context, StatusCodes.Status404NotFound,
                    $"There is no such plot; there are {string.Join(", ", names)}, each as .svg, .png and .pdf.");
                return;
            }

            var plot = ControlPlots.Names.Contains(name)
                ? await plots.GetAsync(view.Set, await controls.BoardAsync(view.Set, view.Runs, models, stop), name, theme == "dark",
                    format, stop)
                : await plots.GetAsync(view.Set, name, models, theme == "dark", format, stop);
            // The same address shows newer answers later.
            context.Response.Headers.CacheControl = "private, max-age=5";
            context.Response.ContentType = format.MediaType;
            context.Response.ContentLength = plot.Length;
            await context.Response.Body.WriteAsync(plot, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested && PageProblem.Of(error) is not null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, PageProblem.Of(error)!.Title);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
