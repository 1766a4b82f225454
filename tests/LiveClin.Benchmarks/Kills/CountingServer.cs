using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LiveClin.Benchmarks.Kills;

/// <summary>A model server that answers everything after a moment, and counts what it was asked.</summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(60);
    private readonly WebApplication _app;
    private int _requests;

    private CountingServer(WebApplication app) => _app = app;

    /// <summary>Its base address.</summary>
    public string Url => $"{_app.Urls.First()}/v1";

    /// <summary>Questions that came whole.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<CountingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new CountingServer(builder.Build());
        server._app.MapGet("/v1/models", () => Results.Text("""{"object":"list","data":[{"id":"m","object":"model","created":0,"owned_by":"x"}]}""", "application/json"));
        server._app.MapPost("/v1/chat/completions", server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
        Interlocked.Increment(ref _requests);
        await Task.Delay(Thinking, request.HttpContext.RequestAborted);
        return Results.Text("""{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"\\boxed{A}"},"finish_reason":"stop"}]}""", "application/json");
    }
}
