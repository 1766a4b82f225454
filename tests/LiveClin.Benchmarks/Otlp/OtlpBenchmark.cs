using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.Hosting.Local.Otlp.Protocol;

namespace LiveClin.Benchmarks.Otlp;

/// <summary>
/// Sends spans at a steady rate to a dashboard in a process of its own and checks that every acknowledged batch was
/// taken in and that the store stayed within its limits.
/// </summary>
internal static class OtlpBenchmark
{
    private const int BatchSize = 500;
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(m => m, b => b);
    private static readonly Method<byte[], byte[]> Export = new(MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", Bytes, Bytes);

    public static async Task<int> RunAsync(string[] args)
    {
        int Option(string name, int otherwise) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : otherwise;
        var (rate, seconds) = (Option("--rate", 5000), Option("--seconds", 60));
        var overHttp = args.Contains("--http");

        using var server = OtlpServer.Start();
        var endpoint = await server.ReadyAsync();
        await using var sender = overHttp ? (ISender)new HttpSender(endpoint) : new GrpcSender(endpoint);

        long sent = 0;
        long failed = 0;
        var latencies = new List<double>();
        var clock = Stopwatch.StartNew();
        for (var batch = 0; batch < rate * seconds / BatchSize; batch++)
        {
            var due = TimeSpan.FromSeconds((double)batch * BatchSize / rate);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
            var body = SpanBatches.Make(batch, BatchSize);
            var started = clock.Elapsed;
            if (await sender.SendAsync(body)) sent += BatchSize;
            else failed += BatchSize;
            latencies.Add((clock.Elapsed - started).TotalMilliseconds);
        }

        var took = clock.Elapsed;
        var report = await server.ReportAsync();
        latencies.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(overHttp ? "HTTP/protobuf" : "gRPC")}: {sent:N0} spans acknowledged in {took.TotalSeconds:0.0} s ({sent / took.TotalSeconds:N0}/s), {failed:N0} refused"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a batch of {BatchSize}: p50 {latencies[latencies.Count / 2]:0.0} ms, p99 {latencies[latencies.Count * 99 / 100]:0.0} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"store: {report.Accepted:N0} accepted, {report.Kept:N0} of at most {report.MaxSpans:N0} kept in {report.Bytes / 1048576.0:0.0} of {report.MaxBytes / 1048576.0:0.0} MiB (estimated), {report.Dropped:N0} oldest dropped"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"process: {report.PeakMemory / 1048576.0:0} MiB at most, {report.Memory / 1048576.0:0} MiB at the end"));

        var isGood = failed == 0 && report.Accepted == sent && report.Accepted == report.Kept + report.Dropped && report.Kept <= report.MaxSpans && report.Bytes <= report.MaxBytes;
        Console.WriteLine(isGood ? "Nothing acknowledged was lost, and the limits held." : "FAILED: see the figures above.");
        return isGood ? 0 : 1;
    }

    private interface ISender : IAsyncDisposable
    {
        Task<bool> SendAsync(byte[] body);
    }

    private sealed class GrpcSender(OtlpEndpoint endpoint) : ISender
    {
        private readonly GrpcChannel _channel = GrpcChannel.ForAddress(endpoint.Grpc);

        public async Task<bool> SendAsync(byte[] body)
        {
            try
            {
                var headers = new Metadata { { "x-otlp-api-key", endpoint.Key } };
                var answer = await _channel.CreateCallInvoker().AsyncUnaryCall(Export, null, new CallOptions(headers), body).ResponseAsync;
                return ExportTraceServiceResponse.Parser.ParseFrom(answer).PartialSuccess is null;
            }
            catch (RpcException)
            {
                return false;
            }
        }

        public ValueTask DisposeAsync()
        {
            _channel.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class HttpSender(OtlpEndpoint endpoint) : ISender
    {
        private readonly HttpClient _client = new() { BaseAddress = endpoint.Http };

        public async Task<bool> SendAsync(byte[] body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/traces") { Content = new ByteArrayContent(body) };
            request.Headers.Add("x-otlp-api-key", endpoint.Key);
            request.Content.Headers.ContentType = new("application/x-protobuf");
            using var response = await _client.SendAsync(request);
            return response.IsSuccessStatusCode && ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).PartialSuccess is null;
        }

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Where to send, and the key.</summary>
internal sealed record OtlpEndpoint(Uri Grpc, Uri Http, string Key);
