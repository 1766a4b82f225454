using LiveClin.Hosting.Local.Otlp.Store;
using LiveClin.Hosting.Local.Tests.Dashboard;
using LiveClin.Testing.Node;
using Microsoft.Extensions.Logging;
using TraceFilter = LiveClin.Hosting.Local.Otlp.Store.TraceFilter;

namespace LiveClin.Hosting.Local.Tests.Otlp;

/// <summary>The OpenTelemetry JavaScript SDK as a sender that is not .NET: protobuf with gzip, JSON, and gRPC.</summary>
public sealed class JavaScriptSdkTests
{
    [Fact]
    public async Task Traces_logs_and_metrics_of_the_javascript_sdk_arrive()
    {
        var packages = await NodePackages.InstallAsync("tests", "LiveClin.Hosting.Local.Tests", "JavaScript");
        await using var dashboard = await RunningDashboard.StartAsync();
        await packages.RunAsync("send.mjs", dashboard.Host.OtlpHttpUrl.ToString(), dashboard.Host.OtlpGrpcUrl.ToString(), dashboard.Host.OtlpApiKey);

        var telemetry = dashboard.Host.Telemetry;
        var traces = telemetry.Traces.Find(new TraceFilter("javascript"), 10).Items.OrderBy(t => t.Name, StringComparer.Ordinal).ToArray();
        Assert.Equal(["grpc parent", "json parent", "proto parent"], traces.Select(t => t.Name));
        foreach (var summary in traces)
        {
            Assert.Equal((2, 1), (summary.Spans, summary.Errors));
            var spans = telemetry.Traces.Get(summary.TraceId);
            Assert.Equal((SpanKind.Server, SpanKind.Client), (spans[0].Kind, spans[1].Kind));
            Assert.Equal(spans[0].SpanId, spans[1].ParentSpanId);
            Assert.Equal(("42", "0.5", """["a","b"]""", "größer <b>"), (spans[0].Attributes.Get("answer"), spans[0].Attributes.Get("ratio"), spans[0].Attributes.Get("list"), spans[0].Attributes.Get("text")));
            Assert.Equal("broken", spans[1].StatusMessage);
            Assert.Equal("exception", Assert.Single(spans[1].Events).Name);
        }

        var record = Assert.Single(telemetry.Logs.Find(new LogFilter("javascript"), 10).Items);
        Assert.Equal((LogLevel.Warning, "from javascript", """{"deep":[1,2]}"""), (record.Level, record.Message, record.Attributes.Get("nested")));

        var duration = Assert.Single(telemetry.Metrics.Series(new("javascript", "sender", "js.duration"), DateTime.MinValue)).Points[^1];
        Assert.Equal((4, 12.7), (duration.Count, Math.Round(duration.Value, 6)));
        Assert.Equal((double[])[1, 2, 0, 1], duration.Buckets);
        Assert.Equal(3, Assert.Single(telemetry.Metrics.Series(new("javascript", "sender", "js.requests"), DateTime.MinValue)).Points[^1].Value);
        Assert.Equal(0, telemetry.Rejected);
    }
}
