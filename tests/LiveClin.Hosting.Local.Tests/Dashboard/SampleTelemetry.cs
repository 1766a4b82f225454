using System.Text.Json;
using Google.Protobuf;
using LiveClin.Hosting.Local.Otlp.Protocol;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>Telemetry of a small run as the services send it: a case with two turns, their model calls and verdicts.</summary>
internal sealed class SampleTelemetry
{
    // A PNG of one red pixel.
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    private readonly DateTime _start = DateTime.UtcNow.AddSeconds(-40);

    public string TraceId { get; } = "0af7651916cd43dd8448eb211c80319c";

    public string ChatSpanId => "00000000000000c1";

    public ExportTraceServiceRequest Traces()
    {
        var spans = new List<Span>
        {
            Make("00000000000000a0", null, "run Qwen2.5-VL-7B", 1, 0, 9000),
            Make("00000000000000a1", "00000000000000a0", "case PMC11577515", 1, 40, 8200, ("liveclin.case.id", "PMC11577515"), ("liveclin.case.turns", "2")),
            Make("00000000000000b1", "00000000000000a1", "turn 1", 1, 60, 3900),
            Chat("00000000000000c1", "00000000000000b1", 80, 3800, "The filling defect in figure 1 argues for a pulmonary embolism.\n\nAnswer: B", 3121, 64, 0),
            Make("00000000000000d1", "00000000000000c1", "POST", 3, 90, 3780, ("http.request.method", "POST"), ("url.full", "http://localhost:30000/v1/chat/completions"), ("http.response.status_code", "200")),
            Make("00000000000000b2", "00000000000000a1", "turn 2", 1, 4000, 4100),
            Chat("00000000000000c2", "00000000000000b2", 4020, 4000, "Answer: A", 3398, 9, 3072),
            Make("00000000000000d2", "00000000000000c2", "POST", 3, 4030, 3980, ("http.request.method", "POST"), ("http.response.status_code", "200")),
            Make("00000000000000a9", "00000000000000a1", "store answer", 3, 8120, 12, ("db.system.name", "sqlite")),
        };
        var request = new ExportTraceServiceRequest { ResourceSpans = { Resource("evaluator", spans) } };
        for (var i = 0; i < 24; i++)
        {
            var failed = i % 7 == 3;
            var id = (0x1000 + i).ToString("x16", null);
            var span = Make(id, null, i % 3 == 0 ? "GET /health" : "POST /liveclin.stats.v1.StatsService/GetRun", 2, -60_000 + 1500 * i, 3 + 17 * (i % 5), ("http.response.status_code", failed ? "503" : "200"));
            span.TraceId = ByteString.CopyFrom(Convert.FromHexString((0x2000 + i).ToString("x32", null)));
            if (failed) span.Status = new() { Code = 2, Message = "503 Service Unavailable" };
            request.ResourceSpans.Add(Resource("stats", [span]));
        }

        return request;
    }

    public ExportLogsServiceRequest Logs()
    {
        var scope = new ScopeLogs { Scope = new() { Name = "LiveClin.Evaluator.Runs.RunEngine" } };
        scope.LogRecords.Add(Record(9, "Run 01JD started: 1,407 cases, concurrency 100", 0));
        for (var i = 0; i < 30; i++) scope.LogRecords.Add(Record(i % 10 == 4 ? 13 : 9, i % 10 == 4 ? $"Turn {i} retried after 503" : $"Case {i} answered: <b>2 of 3</b> correct", 100 + 200 * i));
        var error = Record(17, "The model server closed the connection", 7000);
        error.Attributes.Add(Attribute("exception.type", "System.IO.IOException"));
        error.Attributes.Add(Attribute("exception.stacktrace", "System.IO.IOException: The response ended prematurely.\n   at System.Net.Http.HttpConnection.FillAsync(Boolean async)\n   at LiveClin.Evaluator.Conversations.Turn.AskAsync()"));
        scope.LogRecords.Add(error);
        scope.LogRecords.Add(Verdict("00000000000000c1", "correct", 1, "Extracted B by the rule 'answer:'; the key says B."));
        scope.LogRecords.Add(Verdict("00000000000000c2", "wrong", 0, "Extracted A; the key says D."));
        return new() { ResourceLogs = { new ResourceLogs { Resource = Resource("evaluator"), ScopeLogs = { scope } } } };
    }

    public ExportMetricsServiceRequest Metrics(int step)
    {
        var time = Nanoseconds(step * 2000 - 40_000);
        var questions = new Sum { AggregationTemporality = 2, IsMonotonic = true };
        foreach (var (outcome, rate) in new[] { ("correct", 5.2), ("wrong", 2.9), ("unparsed", 0.3) })
            questions.DataPoints.Add(new NumberDataPoint { TimeUnixNano = time, AsInt = (long)(rate * step * (1 + 0.2 * Math.Sin(step / 3.0))), Attributes = { Attribute("liveclin.outcome", outcome) } });
        var latency = new Histogram { AggregationTemporality = 2 };
        double[] bounds = [0.5, 1, 2, 4, 8, 16];
        latency.DataPoints.Add(new HistogramDataPoint
        {
            TimeUnixNano = time,
            Count = (ulong)(20 * step),
            Sum = 52.5 * step,
            ExplicitBounds = { bounds },
            BucketCounts = { (ulong)step, (ulong)(2 * step), (ulong)(9 * step), (ulong)(5 * step + step * step / 20), (ulong)(2 * step), (ulong)step, 0 },
        });
        var inFlight = new Gauge { DataPoints = { new NumberDataPoint { TimeUnixNano = time, AsInt = 60 + (long)(35 * Math.Sin(step / 4.0)) } } };
        return new()
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Resource("evaluator"),
                    ScopeMetrics =
                    {
                        new ScopeMetrics
                        {
                            Scope = new() { Name = "LiveClin.Evaluator" },
                            Metrics =
                            {
                                new Metric { Name = "liveclin.questions", Unit = "{question}", Description = "Questions by outcome", Sum = questions },
                                new Metric { Name = "liveclin.turn.duration", Unit = "s", Description = "Time from sending a turn to its reply", Histogram = latency },
                                new Metric { Name = "liveclin.requests.in_flight", Unit = "{request}", Description = "Requests the model server has not answered yet", Gauge = inFlight },
                            },
                        },
                    },
                },
            },
        };
    }

    private Span Chat(string id, string parent, double startMs, double durationMs, string answer, int inputTokens, int outputTokens, int cached)
    {
        var input = JsonSerializer.Serialize(new object[]
        {
            new
            {
                role = "user",
                parts = new object[]
                {
                    new { type = "text", content = "A 63-year-old man presents with sudden dyspnoea.\n<script>alert('x')</script>\nWhat is the most likely diagnosis?\nA. Pneumonia\nB. Pulmonary embolism\nC. Heart failure\nD. Asthma" },
                    new { type = "blob", modality = "image", mime_type = "image/png", content = Pixel },
                    new { type = "uri", modality = "image", mime_type = "image/jpeg", uri = "https://images.example.org/figure-2.jpg" },
                },
            },
        });
        var output = JsonSerializer.Serialize(new object[] { new { role = "assistant", parts = new object[] { new { type = "reasoning", content = "CT shows a filling defect…" }, new { type = "text", content = answer } }, finish_reason = "stop" } });
        return Make(id, parent, "chat Qwen2.5-VL-7B", 3, startMs, durationMs,
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "Qwen2.5-VL-7B-Instruct"), ("gen_ai.response.model", "Qwen2.5-VL-7B-Instruct"),
            ("gen_ai.request.temperature", "0.6"), ("gen_ai.response.finish_reasons", "[\"stop\"]"), ("server.address", "localhost"), ("server.port", "30000"),
            ("gen_ai.usage.input_tokens", inputTokens.ToString(null, null)), ("gen_ai.usage.output_tokens", outputTokens.ToString(null, null)), ("gen_ai.usage.cache_read.input_tokens", cached.ToString(null, null)),
            ("gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"You are a careful clinician.\"}]"), ("gen_ai.input.messages", input), ("gen_ai.output.messages", output));
    }

    private LogRecord Verdict(string spanId, string label, double score, string explanation)
    {
        var record = Record(9, "", 8000);
        record.EventName = "gen_ai.evaluation.result";
        record.TraceId = ByteString.CopyFrom(Convert.FromHexString(TraceId));
        record.SpanId = ByteString.CopyFrom(Convert.FromHexString(spanId));
        record.Attributes.Add(Attribute("gen_ai.evaluation.name", "answer"));
        record.Attributes.Add(Attribute("gen_ai.evaluation.score.label", label));
        record.Attributes.Add(new KeyValue { Key = "gen_ai.evaluation.score.value", Value = new() { DoubleValue = score } });
        record.Attributes.Add(Attribute("gen_ai.evaluation.explanation", explanation));
        return record;
    }

    private LogRecord Record(int severity, string message, double ms) => new()
    {
        TimeUnixNano = Nanoseconds(ms),
        SeverityNumber = severity,
        Body = new() { StringValue = message },
        TraceId = ByteString.CopyFrom(Convert.FromHexString(TraceId)),
        SpanId = ByteString.CopyFrom(Convert.FromHexString("00000000000000a1")),
        Attributes = { Attribute("liveclin.run.id", "01JD") },
    };

    private Span Make(string id, string? parent, string name, int kind, double startMs, double durationMs, params (string Key, string Value)[] attributes)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(Convert.FromHexString(TraceId)),
            SpanId = ByteString.CopyFrom(Convert.FromHexString(id)),
            ParentSpanId = parent is null ? ByteString.Empty : ByteString.CopyFrom(Convert.FromHexString(parent)),
            Name = name,
            Kind = kind,
            StartTimeUnixNano = Nanoseconds(startMs),
            EndTimeUnixNano = Nanoseconds(startMs + durationMs),
        };
        foreach (var (key, value) in attributes) span.Attributes.Add(Attribute(key, value));
        return span;
    }

    private ulong Nanoseconds(double ms) => (ulong)(_start.AddMilliseconds(ms) - DateTime.UnixEpoch).Ticks * 100;

    private static ResourceSpans Resource(string name, IEnumerable<Span> spans) => new() { Resource = Resource(name), ScopeSpans = { new ScopeSpans { Scope = new() { Name = "LiveClin" }, Spans = { spans } } } };

    private static Resource Resource(string name) => new() { Attributes = { Attribute("service.name", name), Attribute("service.instance.id", name + "-1"), Attribute("telemetry.sdk.language", "dotnet") } };

    private static KeyValue Attribute(string key, string value) => new() { Key = key, Value = new() { StringValue = value } };
}
