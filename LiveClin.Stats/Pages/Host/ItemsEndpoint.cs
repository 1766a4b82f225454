using LiveClin.Core.Tables;
using LiveClin.Stats.Items;
using LiveClin.Stats.Pages.Shell;

namespace LiveClin.Stats.Pages.Host;

/// <summary>The questions whose keys deserve a look, as a table to be passed on.</summary>
internal static class ItemsEndpoint
{
    private static readonly Column<ItemStatistics>[] Columns =
    [
        Column<ItemStatistics>.Text("case", item => item.CaseId),
        Column<ItemStatistics>.Integer("question", item => item.Question + 1),
        Column<ItemStatistics>.Text("key", item => item.Key),
        Column<ItemStatistics>.Integer("models_right", item => item.Correct.Count),
        Column<ItemStatistics>.Integer("models", item => item.Correct.Total),
        Column<ItemStatistics>.Integer("good_models_missing", item => item.MissedByGood.Count),
        Column<ItemStatistics>.Integer("good_models", item => item.MissedByGood.Total),
        Column<ItemStatistics>.Text("good_models_prefer", item => item.GoodModelsPrefer?.ToString()),
    ];

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/items.csv", SendAsync);

    private static async Task SendAsync(HttpContext context, string? release, string[]? use, ResultViews views)
    {
        try
        {
            var view = await views.GetAsync(release, use, context.RequestAborted);
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = "attachment; filename=liveclin-items.csv";
            await context.Response.Body.WriteAsync(TableFile.ToCsv(Columns, view.Items.Suspects, isForSpreadsheet: false),
                context.RequestAborted);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && PageProblem.Of(error) is { } problem)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(problem.Title, context.RequestAborted);
        }
    }
}
