using LiveClin.Core.Reviews;
using LiveClin.Stats.Pages.Shell;

namespace LiveClin.Stats.Pages.Reviews;

/// <summary>All verdicts on a release as the review file that <c>reviews import</c> reads.</summary>
internal static class ReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/reviews.csv", SendAsync);

    private static async Task SendAsync(HttpContext context, string? release, string[]? use, ResultViews views, ReviewDesk desk)
    {
        try
        {
            var set = (await views.GetAsync(release, use, context.RequestAborted)).Set;
            var verdicts = set.ReleaseSha256 is { } sha256 ? await desk.ListAsync(sha256, context.RequestAborted) : [];
            using var file = new MemoryStream();
            ReviewFile.Write(file, verdicts, [.. set.Cases.Select(each => each.Id)]);
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = "attachment; filename=liveclin-reviews.csv";
            await context.Response.Body.WriteAsync(file.ToArray(), context.RequestAborted);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && PageProblem.Of(error) is { } problem)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(problem.Title, context.RequestAborted);
        }
    }
}
