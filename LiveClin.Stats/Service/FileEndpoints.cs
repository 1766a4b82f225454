using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>Reports as plain files over HTTP: transcoding would put line ends between the chunks of a stream.</summary>
internal static class FileEndpoints
{
    public static void MapFileEndpoints(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/report", async (string? format, string? release, string[]? runs, ResultSetLoader loader, PriceTable prices, TimeProvider time, HttpContext context, CancellationToken cancellationToken) =>
        {
            try
            {
                var export = ReportExport.Require(Enum.TryParse<ReportFormat>(format, ignoreCase: true, out var known) ? known : ReportFormat.Unspecified);
                var set = await loader.LoadAsync(new RunSelection { Release = release, RunIds = runs ?? [] }, cancellationToken);
                // What models wrote is in it: nothing of it may run.
                context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return Results.Bytes(export.Make(set, prices, time.GetLocalNow()), export.ContentType);
            }
            catch (Exception error) when (RpcErrors.Explain(error) is { } explained)
            {
                return RpcErrors.ToHttp(explained);
            }
        });
}
