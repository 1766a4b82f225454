using Google.Protobuf;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Stats.Pages.Host;

/// <summary>Images of a release by their hash, streamed from the evaluator; browsers may keep them for good.</summary>
internal static class ImageEndpoint
{
    // Formats that browsers show and that hold no script. Anything else is offered as a download.
    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase) { "image/png", "image/jpeg", "image/gif",
        "image/webp", "image/bmp", "image/avif" };

    public static string Url(string sha256) => "/images/" + Uri.EscapeDataString(sha256);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/images/{sha256:regex(^[0-9a-f]{{64}}$)}", SendAsync);

    private static async Task SendAsync(HttpContext context, string sha256, EvaluatorService.EvaluatorServiceClient evaluator)
    {
        var stop = context.RequestAborted;
        using var call = evaluator.GetImage(new GetImageRequest { Sha256 = sha256 }, cancellationToken: stop);
        await StreamedFile.SendAsync(context, call.ResponseStream, chunk => chunk.Data, "No such image.", first =>
        {
            var isShown = Shown.Contains(first.MediaType);
            context.Response.ContentType = isShown ? first.MediaType : "application/octet-stream";
            if (!isShown) context.Response.Headers.ContentDisposition = "attachment";
            context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        });
    }
}

/// <summary>Passes on a file that comes from the evaluator in chunks.</summary>
internal static class StreamedFile
{
    public static async Task SendAsync<T>(HttpContext context, IAsyncStreamReader<T> chunks, Func<T, ByteString> data, string notFound,
        Action<T> begin)
    {
        var stop = context.RequestAborted;
        try
        {
            var begun = false;
            while (await chunks.MoveNext(stop))
            {
                if (!begun)
                {
                    context.Response.Sandbox();
                    begin(chunks.Current);
                    begun = true;
                }

                await context.Response.Body.WriteAsync(data(chunks.Current).Memory, stop);
            }
        }
        catch (RpcException) when (stop.IsCancellationRequested)
        {
            // The browser has gone.
        }
        catch (RpcException error) when (!context.Response.HasStarted)
        {
            var (status, text) = error.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument
                ? (StatusCodes.Status404NotFound, notFound)
                : (StatusCodes.Status502BadGateway, "The evaluator did not answer.");
            context.Response.Headers.CacheControl = "no-store";
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text, stop);
        }
    }
}
