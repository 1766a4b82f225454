using System.Net.Mime;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Stats.Pages.Host;

/// <summary>A run's results as a file, streamed from the evaluator.</summary>
internal static class ExportEndpoint
{
    /// <summary>The formats by the word in their address.</summary>
    public static readonly IReadOnlyList<ExportChoice> Formats =
    [
        new("core", ExportFormat.Core, "core folder (zip)", ".zip"), new("v1", ExportFormat.V1, "v1 results (JSON)", ".json"),
        new("jsonl", ExportFormat.Jsonl, "answers (JSON lines)", ".jsonl"), new("csv", ExportFormat.Csv, "answers (CSV)", ".csv"),
        new("parquet", ExportFormat.Parquet, "answers (Parquet)", ".parquet"),
    ];

    public static string Url(string runId, string format) => $"/exports/{Uri.EscapeDataString(runId)}/{format}";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/exports/{runId}/{format}", SendAsync);

    private static async Task SendAsync(HttpContext context, string runId, string format, EvaluatorService.EvaluatorServiceClient evaluator)
    {
        if (Formats.FirstOrDefault(f => f.Word == format) is not { } choice)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync($"There is no format '{format}'; there are {string.Join(", ", Formats.Select(f => f.Word))}.",
                context.RequestAborted);
            return;
        }

        using var call = evaluator.ExportRun(new ExportRunRequest { RunId = runId, Format = choice.Format },
            cancellationToken: context.RequestAborted);
        await StreamedFile.SendAsync(context, call.ResponseStream, chunk => chunk.Data, "There is no such run.", first =>
        {
            context.Response.ContentType = first.MediaType;
            context.Response.Headers.ContentDisposition = new ContentDisposition { DispositionType = "attachment",
                FileName = "liveclin-" + string.Concat(runId.Where(char.IsAsciiLetterOrDigit)) + choice.Extension }.ToString();
            context.Response.Headers.CacheControl = "no-store";
            context.Response.SayDamaged(first.Damaged);
        });
    }
}

/// <summary>A format of an export.</summary>
/// <param name="Word">The word in its address.</param>
/// <param name="Format">The format.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Extension">Extension of the file.</param>
internal sealed record ExportChoice(string Word, ExportFormat Format, string Label, string Extension);
