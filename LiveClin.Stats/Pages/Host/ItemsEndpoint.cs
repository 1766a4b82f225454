using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Stats.Pages.Shell;
using LiveClin.Stats.Reports;

namespace LiveClin.Stats.Pages.Host;

/// <summary>The questions whose keys deserve a look, as a table to be passed on.</summary>
internal static class ItemsEndpoint
{
    private static readonly string[] Columns = ["case", "question", "key", "models_right", "models", "good_models_missing", "good_models", "good_models_prefer"];

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/items.csv", SendAsync);

    private static async Task SendAsync(HttpContext context, string? release, string[]? use, ResultViews views)
    {
        try
        {
            var view = await views.GetAsync(release, use, context.RequestAborted);
            var rows = view.Items.Suspects.Select(ImmutableArray<string> (i) =>
            [
                i.CaseId, Text(i.Question + 1), i.Key, Text(i.Correct.Count), Text(i.Correct.Total), Text(i.MissedByGood.Count), Text(i.MissedByGood.Total), i.GoodModelsPrefer?.ToString() ?? "",
            ]);
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = "attachment; filename=liveclin-items.csv";
            await context.Response.WriteAsync(ReportFiles.Csv(new ReportTable("items", "Questions whose keys deserve a look", "", [.. Columns], [.. rows])), context.RequestAborted);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && PageProblem.Of(error) is { } problem)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(problem.Title, context.RequestAborted);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
