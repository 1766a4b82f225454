using Grpc.Core;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Pages.Cases;

namespace LiveClin.Stats.Pages.Host;

/// <summary>A whole reply as plain text, for replies that are too long for a page.</summary>
internal static class ReplyEndpoint
{
    public static string Url(string runId, int caseOrdinal, int question) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"/replies/{Uri.EscapeDataString(runId)}/{caseOrdinal}/{question}");

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/replies/{runId}/{caseOrdinal:int:min(0)}/{question:int:min(0)}", SendAsync);

    private static async Task SendAsync(HttpContext context, string runId, int caseOrdinal, int question, CaseReader cases)
    {
        context.Response.Sandbox();
        context.Response.ContentType = "text/plain; charset=utf-8";
        try
        {
            var answers = await cases.ReadAnswersAsync([runId], caseOrdinal, context.RequestAborted);
            if (answers.FirstOrDefault(a => a.QuestionIndex == question) is { HasReply: true } answer)
            {
                await context.Response.WriteAsync(answer.Reply, context.RequestAborted);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("There is no such reply.", context.RequestAborted);
        }
        catch (RpcException error) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = error.StatusCode == StatusCode.NotFound
                ? StatusCodes.Status404NotFound : StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync(error.StatusCode == StatusCode.NotFound
                ? "There is no such run." : "The evaluator did not answer.", context.RequestAborted);
        }
    }
}
