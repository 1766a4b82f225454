using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>Reports as plain files over HTTP.</summary>
internal static class StatsFiles
{
    public static void MapStatsFiles(this IEndpointRouteBuilder app) => app.MapFiles().MapGet("/v1/report", SendReportAsync);

    private static async Task<IResult> SendReportAsync(
        string? format, string? release, string[]? runs, ResultSetLoader loader, ControlReader controls, PriceTable prices,
        TimeProvider time,
        SharedWork work, HttpContext context, CancellationToken cancellationToken)
    {
        var export = ReportExport.Require(Enum.TryParse<ReportFormat>(format, ignoreCase: true, out var known)
            ? known : ReportFormat.Unspecified);
        var (set, all) = await loader.LoadWithRunsAsync(new RunSelection { Release = release, RunIds = runs ?? [] }, cancellationToken);
        var board = await controls.BoardAsync(set, all, null, cancellationToken);
        context.Response.Sandbox(); // what models wrote is in it
        context.Response.SayDamaged([.. set.Damaged.Select(damage => damage.ToString())]);
        return Results.Bytes(await export.MakeAsync(work, set, board, prices, time, cancellationToken), export.ContentType);
    }
}
