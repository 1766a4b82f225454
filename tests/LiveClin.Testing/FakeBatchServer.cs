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

/// <summary>
/// OpenAI's Batch API on loopback: files by form, batches with their life cycle, a file for what succeeded and one for what did not,
/// lines in another order than they came. As there, a request whose status is not 200 stands in the error file, and a batch that expires
/// or is cancelled keeps what it has done.
/// </summary>
public sealed class FakeBatchServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly List<FakeBatch> _batches = [];
    private readonly ConcurrentQueue<BatchLine> _lines = new();
    private int _number = -1;
    private int _ids;

    private FakeBatchServer(WebApplication app) => _app = app;

    /// <summary>Base URL, ending in /v1.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>What each request gets.</summary>
    public Func<BatchLine, BatchLineReply> Reply { get; set; } = _ => BatchLineReply.Of("\\boxed{A}");

    /// <summary>
    /// How a batch ends, by how many came before it: <c>completed</c>, <c>expired</c>, or <c>hanging</c> for one that does not end by
    /// itself.
    /// </summary>
    public Func<int, string> Ending { get; set; } = _ => "completed";

    /// <summary>How often a batch must be looked at until it ends.</summary>
    public int Looks { get; set; } = 1;

    /// <summary>Looks after its end at which a batch does not name its files yet.</summary>
    public int FilesLater { get; set; }

    /// <summary>Most requests in a batch; more fail it with <c>token_limit_exceeded</c>.</summary>
    public int MostQueued { get; set; } = int.MaxValue;

    /// <summary>Most requests in all batches under way; what goes beyond fails with <c>token_limit_exceeded</c>.</summary>
    public int MostQueuedTogether { get; set; } = int.MaxValue;

    /// <summary>Whether batches show the metadata that they were given.</summary>
    public bool ShowsMetadata { get; set; } = true;

    /// <summary>Whether batches say how many of their requests are done.</summary>
    public bool ShowsCounts { get; set; } = true;

    /// <summary>Whether files of results are gone (404) when they are asked for.</summary>
    public bool LosesResults { get; set; }

    /// <summary>Whether a status is written in capitals and a reply's body as a text with its JSON, as some APIs do.</summary>
    public bool IsOdd { get; set; }

    /// <summary>Told of each call before it is answered ("POST /v1/batches"); what it throws hangs up.</summary>
    public Func<string, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every request that was taken into a batch, which is what is paid for.</summary>
    public IReadOnlyList<BatchLine> Lines => [.. _lines];

    /// <summary>Status of each batch, oldest first.</summary>
    public IReadOnlyList<string> Statuses
    {
        get
        {
            lock (_batches) return [.. _batches.Select(batch => batch.Status)];
        }
    }

    /// <summary>Files that were not deleted.</summary>
    public int FileCount => _files.Count;

    /// <summary>Starts the server.</summary>
    public static async Task<FakeBatchServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var server = new FakeBatchServer(app);
        app.MapGet("/v1/models", context => WriteAsync(context, 200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray() }));
        app.MapPost("/v1/files", server.UploadAsync);
        app.MapGet("/v1/files/{id}/content", server.DownloadAsync);
        app.MapDelete("/v1/files/{id}",
            context => WriteAsync(context, server._files.TryRemove(Id(context), out _) ? 200 : 404,
            new JsonObject { ["id"] = Id(context), ["deleted"] = true }));
        app.MapPost("/v1/batches", server.CreateAsync);
        app.MapGet("/v1/batches", server.ListAsync);
        app.MapGet("/v1/batches/{id}", server.GetAsync);
        app.MapPost("/v1/batches/{id}/cancel", server.CancelAsync);
        await app.StartAsync();
        server.BaseUrl = new Uri(app.Urls.Single() + "/v1");
        return server;
    }

    /// <summary>Cancels every batch under way, as somebody might on the provider's page.</summary>
    public void CancelAll()
    {
        lock (_batches)
            foreach (var batch in _batches.Where(batch => !batch.HasEnded)) End(batch, "cancelled");
    }

    /// <summary>Ends every batch under way.</summary>
    public void CompleteAll()
    {
        lock (_batches)
            foreach (var batch in _batches.Where(batch => !batch.HasEnded)) End(batch, "completed");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task UploadAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["purpose"] != "batch" || form.Files.Count != 1)
        {
            await WriteAsync(context, 400, Error("invalid_request_error", "'purpose' must be batch, with one file."));
            return;
        }

        var content = new MemoryStream();
        await form.Files[0].CopyToAsync(content, context.RequestAborted);
        var id = $"file-{Interlocked.Increment(ref _ids)}";
        _files[id] = content.ToArray();
        await OnCall("POST /v1/files");
        await WriteAsync(context, 200, new JsonObject
        {
            ["id"] = id, ["object"] = "file", ["bytes"] = content.Length, ["created_at"] = 1, ["filename"] = form.Files[0].FileName,
            ["purpose"] = "batch", ["status"] = "processed",
        });
    }

    private async Task DownloadAsync(HttpContext context)
    {
        await OnCall("GET /v1/files/content");
        if (!LosesResults && _files.TryGetValue(Id(context), out var bytes))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        else await WriteAsync(context, 404, Error("not_found", "No such File object"));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var file = (string?)request["input_file_id"] ?? "";
        if (!_files.TryGetValue(file, out var input) || (string?)request["endpoint"] != "/v1/chat/completions"
            || (string?)request["completion_window"] != "24h")
        {
            await WriteAsync(context, 400, Error("invalid_request_error", "input_file_id, endpoint or completion_window is wrong."));
            return;
        }

        FakeBatch batch;
        lock (_batches)
        {
            batch = new FakeBatch($"batch_{Interlocked.Increment(ref _ids)}", file, request["metadata"]?.DeepClone(), _batches.Count)
            {
                Lines = ReadLines(input),
            };
            batch.Error = Check(batch.Lines, _batches.Where(other => !other.HasEnded).Sum(other => other.Lines.Count));
            if (batch.Error is not null) batch.Status = "failed";
            else foreach (var line in batch.Lines) _lines.Enqueue(line);
            _batches.Add(batch);
        }

        await OnCall("POST /v1/batches");
        await WriteAsync(context, 200, Show(batch));
    }

    private List<BatchLine> ReadLines(byte[] input) =>
        [.. Encoding.UTF8.GetString(input).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text =>
    {
        var line = JsonDocument.Parse(text).RootElement;
        var isCall = line.GetProperty("method").GetString() == "POST" && line.GetProperty("url").GetString() == "/v1/chat/completions";
        return new BatchLine(isCall ? line.GetProperty("custom_id").GetString()! : "", line.GetProperty("body"),
            Interlocked.Increment(ref _number));
    })];

    private (string Code, string Message)? Check(List<BatchLine> lines, int busy) =>
        lines.Count == 0 ? ("empty_file", "The input file is empty.")
        : lines.Any(line => line.CustomId.Length == 0) ? ("invalid_url", "A line makes no call that this batch was begun for.")
        : lines.DistinctBy(line => line.CustomId).Count() < lines.Count
            ? ("duplicate_custom_id", "The custom_id for this request is a duplicate of another request.")
        : lines.DistinctBy(line => line.Body.GetProperty("model").GetString()).Count() > 1
            ? ("mismatched_model", "All requests in a batch must have the same model.")
        : lines.Count > MostQueued || busy + lines.Count > MostQueuedTogether
            ? ("token_limit_exceeded", "Enqueued token limit reached.") : null;

    private async Task GetAsync(HttpContext context)
    {
        await OnCall("GET /v1/batches/id");
        JsonObject? json = null;
        lock (_batches)
        {
            if (_batches.Find(batch => batch.Id == Id(context)) is { } batch)
            {
                if (!batch.HasEnded && ++batch.Looked >= Looks && Ending(batch.Number) is var ending && ending != "hanging")
                    End(batch, ending);
                else if (!batch.HasEnded) batch.Status = "in_progress";
                json = Show(batch);
                if (batch.HasEnded && batch.LookedAfter++ < FilesLater) (json["output_file_id"], json["error_file_id"]) = (null, null);
            }
        }

        await WriteAsync(context, json is null ? 404 : 200, json ?? Error("not_found", "No batch found"));
    }

    private async Task ListAsync(HttpContext context)
    {
        await OnCall("GET /v1/batches");
        JsonObject page;
        lock (_batches)
        {
            var newest = _batches.AsEnumerable().Reverse().ToList();
            var from = (string?)context.Request.Query["after"] is { } after ? newest.FindIndex(batch => batch.Id == after) + 1 : 0;
            var shown = newest.Skip(from)
                .Take(int.Parse(context.Request.Query["limit"]!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            page = new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray([.. shown.Select(Show)]),
                ["has_more"] = from + shown.Count < newest.Count,
            };
        }

        await WriteAsync(context, 200, page);
    }

    private async Task CancelAsync(HttpContext context)
    {
        await OnCall("POST /v1/batches/cancel");
        JsonObject? json = null;
        lock (_batches)
        {
            if (_batches.Find(batch => batch.Id == Id(context)) is { } batch)
            {
                if (!batch.HasEnded) End(batch, "cancelled");
                json = Show(batch);
            }
        }

        await WriteAsync(context, json is null ? 404 : 200, json ?? Error("not_found", "No batch found"));
    }

    private JsonObject Show(FakeBatch batch)
    {
        var json = batch.ToJson();
        if (!ShowsMetadata) json["metadata"] = null;
        if (!ShowsCounts) json["request_counts"] = null;
        if (IsOdd) json["status"] = batch.Status.ToUpperInvariant();
        return json;
    }

    private void End(FakeBatch batch, string status)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        foreach (var line in Enumerable.Reverse(batch.Lines))
        {
            var reply = Reply(line);
            if (reply.Status == 0 && status == "expired")
                errors.Append(Line(line, null,
                    Error("batch_expired", "This request could not be executed before the completion window expired.")["error"]))
                    .Append('\n');
            else if (reply.Status != 0) (reply.Status == 200 ? output : errors).Append(Line(line, reply, null)).Append('\n');
        }

        batch.Status = status;
        (batch.Output, batch.Errors) = (Keep(output), Keep(errors));
    }

    private string? Keep(StringBuilder lines)
    {
        if (lines.Length == 0) return null;
        var id = $"file-{Interlocked.Increment(ref _ids)}";
        _files[id] = Encoding.UTF8.GetBytes(lines.ToString());
        return id;
    }

    private string Line(BatchLine line, BatchLineReply? reply, JsonNode? error) => new JsonObject
    {
        ["id"] = "batch_req_1", ["custom_id"] = line.CustomId,
        ["response"] = reply is null ? null : new JsonObject
        {
            ["status_code"] = reply.Status,
            ["request_id"] = "req_1",
            ["body"] = IsOdd ? JsonValue.Create(reply.Body) : JsonNode.Parse(reply.Body),
        },
        ["error"] = error?.DeepClone(),
    }.ToJsonString();

    private static JsonObject Error(string code, string message) => new()
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["type"] = "invalid_request_error" },
    };

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static Task WriteAsync(HttpContext context, int status, JsonObject body) =>
        FakeModelServer.WriteAsync(context, status, body.ToJsonString());
}
