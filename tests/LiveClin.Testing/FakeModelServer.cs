using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Testing;

/// <summary>A chat request as the server got it.</summary>
/// <param name="Body">The whole body.</param>
/// <param name="Authorization">The Authorization header.</param>
/// <param name="Number">How many chat requests came before it.</param>
public sealed record ChatCall(byte[] Body, string? Authorization, int Number)
{
    private JsonDocument? _json;

    /// <summary>The body, parsed.</summary>
    public JsonElement Json => (_json ??= JsonDocument.Parse(Body)).RootElement;

    /// <summary>The messages.</summary>
    public IReadOnlyList<JsonElement> Messages => [.. Json.GetProperty("messages").EnumerateArray()];

    /// <summary>Text of the last user message.</summary>
    public string LastText => Messages[^1].GetProperty("content")[0].GetProperty("text").GetString()!;
}

/// <summary>
/// An OpenAI-compatible server, on loopback unless told otherwise, whose replies a test decides; real HTTP, real sockets.
/// </summary>
public sealed class FakeModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ChatCall> _calls = new();
    private int _number = -1, _lists;

    private FakeModelServer(WebApplication app) => _app = app;

    /// <summary>Base URL, ending in /v1.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Chat requests so far, in order of arrival.</summary>
    public IReadOnlyList<ChatCall> Calls => [.. _calls];

    /// <summary>The models that are listed; none unless they are named.</summary>
    public IReadOnlyList<string> Models { get; private init; } = [];

    /// <summary>What is answered to whoever asks for the list of models the nth time, from 1; null for the list.</summary>
    public Func<int, (int Status, string Body)?> ModelList { get; set; } = _ => null;

    /// <summary>The one model that can be looked up by its name, be it listed or not; null for none.</summary>
    public string? Model { get; set; }

    /// <summary>Starts a server that answers each chat request with a text, and lists the models that are named.</summary>
    public static Task<FakeModelServer> StartAsync(Func<ChatCall, string> reply, params string[] models) =>
        StartAsync((call, context) => ReplyAsync(context, reply(call)), models);

    /// <summary>Starts a server whose chat requests a test handles as it likes.</summary>
    public static Task<FakeModelServer> StartAsync(Func<ChatCall, HttpContext, Task> handle, params string[] models) =>
        StartAsync(IPAddress.Loopback, handle, models);

    /// <summary>The same at an address of this machine that is not loopback.</summary>
    public static async Task<FakeModelServer> StartAsync(IPAddress address, Func<ChatCall, HttpContext, Task> handle,
        params string[] models)
    {
        // Empty: the appsettings.json of the program under test lies in the same folder and is none of this server's business.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        var app = builder.Build();
        var server = new FakeModelServer(app) { Models = models };
        app.MapGet("/v1/models", async context =>
        {
            if (server.ModelList(Interlocked.Increment(ref server._lists)) is (var status, var body))
            {
                await WriteAsync(context, status, body);
                return;
            }

            var data = new JsonArray([.. server.Models.Select(name => new JsonObject { ["id"] = name, ["object"] = "model" })]);
            await WriteAsync(context, 200, new JsonObject { ["object"] = "list", ["data"] = data }.ToJsonString());
        });
        app.MapGet("/v1/models/{**id}", (string id, HttpContext context) => id == server.Model
            ? WriteAsync(context, 200, new JsonObject { ["id"] = id, ["object"] = "model" }.ToJsonString())
            : WriteAsync(context, 404, """{"error":{"message":"The model does not exist.","code":"model_not_found"}}"""));
        // The second one is where a test may redirect to.
        foreach (var path in (string[])["/v1/chat/completions", "/new/v1/chat/completions"]) app.MapPost(path, async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var call = new ChatCall(body.ToArray(), context.Request.Headers.Authorization, Interlocked.Increment(ref server._number));
            server._calls.Enqueue(call);
            await handle(call, context);
        });
        await app.StartAsync();
        server.BaseUrl = new Uri(app.Urls.Single() + "/v1");
        return server;
    }

    /// <summary>Sends a completion with usage, as servers do.</summary>
    public static Task ReplyAsync(HttpContext context, string text, string? finishReason = "stop")
    {
        var json = new JsonObject
        {
            ["id"] = "chatcmpl-" + Guid.NewGuid().ToString("N"),
            ["object"] = "chat.completion",
            ["created"] = 0,
            ["model"] = "fake",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
                ["finish_reason"] = finishReason,
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = 100,
                ["completion_tokens"] = 7,
                ["total_tokens"] = 107,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 64 },
            },
        };
        return WriteAsync(context, 200, json.ToJsonString());
    }

    /// <summary>Sends any body with any status.</summary>
    public static Task WriteAsync(HttpContext context, int status, string body, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        // Not even nothing may be written to a 204: Kestrel would close the connection, which may be in use again by then.
        if (body.Length == 0) return Task.CompletedTask;
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
