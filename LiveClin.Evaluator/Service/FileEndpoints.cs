using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Exchange;
using LiveClin.Evaluator.Imports;
using Microsoft.AspNetCore.Mvc;

namespace LiveClin.Evaluator.Service;

/// <summary>Images and exports as plain files over HTTP: transcoding would put line ends between the chunks of a stream.</summary>
internal static class FileEndpoints
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(BadRequest.Descriptor, ErrorInfo.Descriptor)));

    public static void MapFileEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/images/{sha256}", async (string sha256, RequestedFiles files, HttpContext context, CancellationToken cancellationToken) =>
        {
            var image = await files.GetImageAsync(sha256, cancellationToken);
            var headers = context.Response.Headers;
            // The address holds the content's hash. An SVG from a release must not run scripts.
            headers.CacheControl = "public, max-age=31536000, immutable";
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
            headers.XContentTypeOptions = "nosniff";
            return Results.Bytes(image.Bytes, image.MediaType);
        }).AddEndpointFilter(ExplainErrorsAsync);
        app.MapGet("/v1/runs/{runId}:export", (string runId, string? format, int? epoch, RequestedFiles files, HttpContext context, CancellationToken cancellationToken) =>
        {
            var export = files.Export(runId, ReadFormat(format), epoch ?? 1, cancellationToken);
            context.Response.RegisterForDispose(export);
            return Results.File(export.Path, export.MediaType, export.FileName);
        }).AddEndpointFilter(ExplainErrorsAsync);
        app.MapPost("/v1/results:import", ImportAsync).AddEndpointFilter(ExplainErrorsAsync).WithMetadata(new RequestSizeLimitAttribute(new UploadLimits().Bytes + 1024));
    }

    private static async Task<IResult> ImportAsync(HttpContext context, string? file_name, string? release, CancellationToken cancellationToken)
    {
        // A page of another origin can send forms and plain text without asking; these types it cannot.
        if (context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() is not ("application/zip" or "application/json" or "application/octet-stream"))
            throw RpcErrors.Invalid("content-type", "must be application/zip, application/json or application/octet-stream; the file is the body.");
        if (string.IsNullOrEmpty(file_name)) throw RpcErrors.Invalid("file_name", "must name the file, for example ?file_name=results.json.");
        try
        {
            var response = await ActivatorUtilities.CreateInstance<EvaluatorRpc>(context.RequestServices).ImportFileAsync(file_name, release, context.Request.Body, cancellationToken);
            return Results.Text(Json.Format(response), "application/json");
        }
        catch (BadHttpRequestException error)
        {
            throw new UploadException($"{file_name}: {error.Message}", error);
        }
    }

    private static ExportFormat? ReadFormat(string? format) => format?.ToLowerInvariant() switch
    {
        "core" => ExportFormat.Core,
        "v1" => ExportFormat.V1,
        "jsonl" => ExportFormat.Jsonl,
        "csv" => ExportFormat.Csv,
        _ => null,
    };

    // The same body as the transcoded calls give.
    private static async ValueTask<object?> ExplainErrorsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception error) when ((error as RpcException ?? RpcErrors.Explain(error)) is { } known)
        {
            return Results.Text(Json.Format(known.GetRpcStatus()), "application/json", statusCode: HttpStatusOf(known.StatusCode));
        }
    }

    private static int HttpStatusOf(StatusCode code) => code switch
    {
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition => StatusCodes.Status400BadRequest,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status500InternalServerError,
    };
}
