using System.IO.Compression;
using Google.Protobuf;
using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

/// <summary>OTLP over HTTP: <c>POST /v1/traces|logs|metrics</c>, protobuf or JSON, plain or gzip.</summary>
internal sealed class HttpReceiver(OtlpReceiver receiver, ApiKey key, TelemetryLimits limits) : IDisposable
{
    private const string ProtobufType = "application/x-protobuf";
    private const string JsonType = "application/json";

    // Bounds the memory of bodies in flight; senders beyond it wait.
    private readonly SemaphoreSlim _slots = new(4);

    public Task ReceiveTracesAsync(HttpContext context) => ReceiveAsync(context, ExportTraceServiceRequest.Parser, receiver.Receive);

    public Task ReceiveLogsAsync(HttpContext context) => ReceiveAsync(context, ExportLogsServiceRequest.Parser, receiver.Receive);

    public Task ReceiveMetricsAsync(HttpContext context) => ReceiveAsync(context, ExportMetricsServiceRequest.Parser, receiver.Receive);

    public void Dispose() => _slots.Dispose();

    private async Task ReceiveAsync<TRequest, TResponse>(HttpContext context, MessageParser<TRequest> parser, Func<TRequest, TResponse> receive)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage
    {
        var isJson = MediaType(context.Request) == JsonType;
        if (!key.IsValid(context.Request.Headers[ApiKey.Header]))
        {
            await AnswerAsync(context, isJson, 401, Failure(16, $"The header {ApiKey.Header} is missing or wrong."));
            return;
        }

        if (!isJson && MediaType(context.Request) != ProtobufType)
        {
            await AnswerAsync(context, isJson, 415, Failure(3, $"Content-Type must be {ProtobufType} or {JsonType}."));
            return;
        }

        await _slots.WaitAsync(context.RequestAborted);
        try
        {
            using var body = await ReadBodyAsync(context.Request, context.RequestAborted);
            var request = isJson ? OtlpJson.Parse<TRequest>(body) : parser.ParseFrom(body);
            await AnswerAsync(context, isJson, 200, receive(request));
        }
        catch (BodyException e)
        {
            await AnswerAsync(context, isJson, e.StatusCode, Failure(3, e.Message));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or System.Text.Json.JsonException or InvalidJsonException)
        {
            await AnswerAsync(context, isJson, 400, Failure(3, "The body is not an OTLP request: " + e.Message));
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<MemoryStream> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        await using var source = encoding.ToLowerInvariant() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            _ => throw new BodyException(415, $"Content-Encoding '{encoding}' is not supported; gzip is."),
        };
        var body = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > limits.MaxRequestBytes) throw new BodyException(413, $"A request may have {limits.MaxRequestBytes} bytes after decompression.");
            body.Write(buffer, 0, read);
        }

        body.Position = 0;
        return body;
    }

    private static async Task AnswerAsync(HttpContext context, bool isJson, int statusCode, IMessage message)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = isJson ? JsonType : ProtobufType;
        if (isJson) await context.Response.WriteAsync(OtlpJson.Format(message), context.RequestAborted);
        else await context.Response.Body.WriteAsync(message.ToByteArray(), context.RequestAborted);
    }

    private static Google.Rpc.Status Failure(int code, string message) => new() { Code = code, Message = message };

    private static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private sealed class BodyException(int statusCode, string message) : Exception(message)
    {
        public int StatusCode { get; } = statusCode;
    }
}
