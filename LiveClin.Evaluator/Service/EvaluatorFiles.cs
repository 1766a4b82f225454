using Google.Protobuf;
using LiveClin.Core.Exchange;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.Imports;
using LiveClin.ServiceDefaults.Rpc;
using Microsoft.AspNetCore.Mvc;

namespace LiveClin.Evaluator.Service;

/// <summary>Images, exports and imports as plain files over HTTP.</summary>
internal static class EvaluatorFiles
{
    public static void MapEvaluatorFiles(this IEndpointRouteBuilder app)
    {
        var files = app.MapFiles();
        files.MapGet("/v1/images/{sha256}", SendImageAsync);
        files.MapGet("/v1/runs/{runId}:export", SendExportAsync);
        files.MapPost("/v1/results:import", ImportAsync).WithMetadata(new RequestSizeLimitAttribute(new UploadLimits().Bytes + 1024));
    }

    private static async Task<IResult> SendImageAsync(string sha256, RequestedFiles files, HttpContext context,
        CancellationToken cancellationToken)
    {
        var image = await files.GetImageAsync(sha256, cancellationToken);
        context.Response.Sandbox(); // an SVG from a release must not run scripts
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable"; // the address holds the content's hash
        return Results.Bytes(image.Bytes, image.MediaType);
    }

    private static async Task<IResult> SendExportAsync(
        string runId, string? format, int? epoch, RequestedFiles files, HttpContext context, CancellationToken cancellationToken)
    {
        var export = await files.ExportAsync(runId, ReadFormat(format), epoch, cancellationToken);
        context.Response.RegisterForDispose(export);
        context.Response.SayDamaged([.. export.Damage.Select(damage => damage.ToString())]);
        return Results.File(export.Path, export.MediaType, export.FileName);
    }

    private static async Task<IResult> ImportAsync(HttpContext context, string? file_name, string? release,
        CancellationToken cancellationToken)
    {
        // A page of another origin can send forms and plain text without asking; these types it cannot.
        if (context.Request.ContentType?.Split(';')[0].Trim()
            .ToLowerInvariant() is not ("application/zip" or "application/json" or "application/octet-stream"))
            throw RpcErrors.Invalid("content-type",
                "must be application/zip, application/json or application/octet-stream; the file is the body.");
        if (string.IsNullOrEmpty(file_name))
            throw RpcErrors.Invalid("file_name", "must name the file, for example ?file_name=results.json.");
        try
        {
            var response = await ActivatorUtilities.CreateInstance<EvaluatorRpc>(context.RequestServices)
                .ImportFileAsync(file_name, release, context.Request.Body, cancellationToken);
            return Results.Text(JsonFormatter.Default.Format(response), "application/json");
        }
        catch (BadHttpRequestException error)
        {
            throw new UploadException($"{file_name}: {error.Message}", error);
        }
    }

    // A number is no name of a format, although .NET would take it for one.
    private static ExportFormat? ReadFormat(string? format) =>
        format is { Length: > 0 } && char.IsAsciiLetter(format[0]) && Enum.TryParse<ExportFormat>(format, ignoreCase: true, out var known)
            ? known : null;
}
