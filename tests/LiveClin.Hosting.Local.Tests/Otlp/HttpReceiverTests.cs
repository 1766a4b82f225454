using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Store;
using LiveClin.Hosting.Local.Tests.Dashboard;
using Span = LiveClin.Hosting.Local.Otlp.Protocol.Span;

namespace LiveClin.Hosting.Local.Tests.Otlp;

/// <summary>What the receivers do with requests that are odd, broken, too large or not allowed.</summary>
public sealed class HttpReceiverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_with_hexadecimal_ids_is_understood()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        // The example of the protocol's documentation, shortened; "kindOfThing" is a field from the future.
        const string Json = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"my.service"}}]},
              "scopeSpans":[{"scope":{"name":"my.library"},"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"EEE19B7EC3C1B173",
                "name":"I'm a server span","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000","kind":2,"kindOfThing":{"a":[1]},
                "attributes":[{"key":"my.span.attr","value":{"intValue":"7"}}]}]}]}]}
            """;
        var response = await dashboard.Otlp.PostAsync("/v1/traces", new StringContent(Json, Encoding.UTF8, "application/json"), Token);

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("{ }", await response.Content.ReadAsStringAsync(Token));
        var span = Assert.Single(dashboard.Host.Telemetry.Traces.Get("5b8efff798038103d269b633813fc60c"));
        Assert.Equal(("eee19b7ec3c1b174", "eee19b7ec3c1b173", "my.service", "my.library", TimeSpan.FromSeconds(1), "7"), (span.SpanId, span.ParentSpanId, span.Resource.Name, span.Scope, span.Duration, span.Attributes.Get("my.span.attr")));
    }

    [Fact]
    public async Task A_malformed_span_is_refused_and_the_others_are_kept()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var request = Request(Valid(1), new Span { Name = "no ids" }, new Span { Name = "zeros", TraceId = ByteString.CopyFrom(new byte[16]), SpanId = ByteString.CopyFrom(new byte[8]) });

        var response = await dashboard.PostAsync("/v1/traces", request);

        var answer = ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, answer.PartialSuccess.RejectedSpans));
        Assert.NotEmpty(answer.PartialSuccess.ErrorMessage);
        Assert.Equal((1, 2), (dashboard.Host.Telemetry.Traces.Counts.Accepted, dashboard.Host.Telemetry.Rejected));
    }

    [Theory]
    [InlineData("application/x-protobuf", null, 400)]
    [InlineData("application/json", null, 400)]
    [InlineData("application/x-protobuf", "gzip", 400)]
    [InlineData("application/x-protobuf", "br", 415)]
    [InlineData("text/plain", null, 415)]
    public async Task Garbage_is_answered_with_a_reason(string contentType, string? encoding, int expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var random = new Random(4711);
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[1 + random.Next(500)];
            random.NextBytes(bytes);
            bytes[0] = 0x0F; // a field with a wire type that does not exist
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
            if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
            var response = await dashboard.Otlp.PostAsync("/v1/traces", content, Token);
            Assert.Equal(expected, (int)response.StatusCode);
        }

        Assert.Equal(0, dashboard.Host.Telemetry.Traces.Counts.Accepted);
        (await dashboard.PostAsync("/v1/traces", Request(Valid(1)))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_deeply_nested_value_is_refused_instead_of_exhausting_the_stack()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var body = "{\"resourceSpans\":" + new string('[', 20_000) + new string(']', 20_000) + "}";
        var json = await dashboard.Otlp.PostAsync("/v1/traces", new StringContent(body, Encoding.UTF8, "application/json"), Token);
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);

        var value = new AnyValue { StringValue = "deep" };
        for (var i = 0; i < 60; i++) value = new AnyValue { ArrayValue = new() { Values = { value } } };
        var span = Valid(1);
        span.Attributes.Add(new KeyValue { Key = "deep", Value = value });
        var protobuf = await dashboard.PostAsync("/v1/traces", Request(span));
        Assert.Equal(HttpStatusCode.BadRequest, protobuf.StatusCode);
    }

    [Fact]
    public async Task A_body_that_grows_beyond_the_limit_when_unpacked_is_refused()
    {
        await using var dashboard = await RunningDashboard.StartAsync(o => o.Limits.MaxRequestBytes = 1 << 20);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) await gzip.WriteAsync(new byte[64 << 20], Token);
        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("gzip");

        var response = await dashboard.Otlp.PostAsync("/v1/traces", content, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_read()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Otlp.DefaultRequestHeaders.Remove("x-otlp-api-key");
        Assert.Equal(HttpStatusCode.Unauthorized, (await dashboard.PostAsync("/v1/logs", new ExportLogsServiceRequest())).StatusCode);

        using var channel = GrpcChannel.ForAddress(dashboard.Host.OtlpGrpcUrl);
        var call = channel.CreateCallInvoker().AsyncUnaryCall(Method, null, new CallOptions(cancellationToken: Token), Request(Valid(1)));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task A_grpc_message_beyond_the_limit_is_refused_packed_or_not()
    {
        await using var dashboard = await RunningDashboard.StartAsync(o => o.Limits.MaxRequestBytes = 1 << 20);
        using var channel = GrpcChannel.ForAddress(dashboard.Host.OtlpGrpcUrl, new() { MaxSendMessageSize = null });
        var span = Valid(1);
        span.Name = new string('x', 8 << 20);
        foreach (var encoding in new[] { "identity", "gzip" })
        {
            var headers = new Metadata { { "x-otlp-api-key", dashboard.Host.OtlpApiKey }, { "grpc-internal-encoding-request", encoding } };
            var call = channel.CreateCallInvoker().AsyncUnaryCall(Method, null, new CallOptions(headers, cancellationToken: Token), Request(span));
            var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
            Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        }

        Assert.Equal(0, dashboard.Host.Telemetry.Traces.Counts.Accepted);
    }

    [Fact]
    public async Task Each_port_answers_only_what_belongs_to_it()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await dashboard.Otlp.GetAsync("/login", Token)).StatusCode);
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/x-protobuf");
        content.Headers.Add("x-otlp-api-key", dashboard.Host.OtlpApiKey);
        Assert.Equal(HttpStatusCode.NotFound, (await dashboard.Client.PostAsync("/v1/traces", content, Token)).StatusCode);
    }

    internal static Span Valid(int number, string name = "span") => new()
    {
        TraceId = ByteString.CopyFrom(Convert.FromHexString(number.ToString("x32", null))),
        SpanId = ByteString.CopyFrom(Convert.FromHexString(number.ToString("x16", null))),
        Name = name,
        StartTimeUnixNano = 1_700_000_000_000_000_000UL + (ulong)number * 1000,
        EndTimeUnixNano = 1_700_000_000_500_000_000UL + (ulong)number * 1000,
    };

    internal static ExportTraceServiceRequest Request(params Span[] spans) => new() { ResourceSpans = { new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { spans } } } } } };

    private static readonly Marshaller<ExportTraceServiceRequest> Requests = Marshallers.Create(m => m.ToByteArray(), ExportTraceServiceRequest.Parser.ParseFrom);
    private static readonly Marshaller<ExportTraceServiceResponse> Responses = Marshallers.Create(m => m.ToByteArray(), ExportTraceServiceResponse.Parser.ParseFrom);
    private static readonly Method<ExportTraceServiceRequest, ExportTraceServiceResponse> Method = new(MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", Requests, Responses);
}
