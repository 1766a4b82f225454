using System.Diagnostics;
using System.Diagnostics.Metrics;
using LiveClin.Hosting.Local.Otlp.Store;
using LiveClin.Hosting.Local.Tests.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LiveClin.Hosting.Local.Tests.Otlp;

/// <summary>The .NET exporter as a sender, over both protocols.</summary>
public sealed class DotnetSdkTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Traces_logs_and_metrics_of_the_dotnet_sdk_arrive(OtlpExportProtocol protocol)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var resource = ResourceBuilder.CreateEmpty().AddService("dotnet", serviceInstanceId: "1", autoGenerateServiceInstanceId: false);
        var sourceName = "source-" + protocol;
        void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = protocol;
            options.Headers = $"x-otlp-api-key={dashboard.Host.OtlpApiKey}";
            options.Endpoint = protocol == OtlpExportProtocol.Grpc ? dashboard.Host.OtlpGrpcUrl : new Uri(dashboard.Host.OtlpHttpUrl, path);
        }

        using var source = new ActivitySource(sourceName);
        using var meter = new Meter(sourceName);
        string traceId;
        using (var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(sourceName).AddOtlpExporter(o => Configure(o, "v1/traces")).Build())
        using (var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(sourceName).AddOtlpExporter(o => Configure(o, "v1/metrics")).Build())
        using (var logs = LoggerFactory.Create(l => l.AddOpenTelemetry(o =>
        {
            o.IncludeFormattedMessage = true;
            o.SetResourceBuilder(resource).AddOtlpExporter(e => Configure(e, "v1/logs"));
        })))
        {
            using (var parent = source.StartActivity("case", ActivityKind.Internal)!)
            {
                traceId = parent.TraceId.ToHexString();
                using var child = source.StartActivity("chat", ActivityKind.Client)!;
                child.SetTag("gen_ai.provider.name", "openai").SetTag("gen_ai.usage.input_tokens", 12);
                logs.CreateLogger("Scoring").Log(LogLevel.Information, new EventId(7, "gen_ai.evaluation.result"),
                    new KeyValuePair<string, object?>[] { new("gen_ai.evaluation.name", "answer"), new("gen_ai.evaluation.score.label", "correct") }, null, (_, _) => "B is correct");
            }

            meter.CreateCounter<long>("answers").Add(5, new KeyValuePair<string, object?>("outcome", "correct"));
            meter.CreateHistogram<double>("latency", "s").Record(1.25);
            Assert.True(traces.ForceFlush(10_000));
            Assert.True(metrics.ForceFlush(10_000));
        }

        var telemetry = dashboard.Host.Telemetry;
        var spans = telemetry.Traces.Get(traceId);
        Assert.Equal(["case", "chat"], spans.Select(s => s.Name));
        Assert.Equal((spans[0].SpanId, "12", true, "dotnet"), (spans[1].ParentSpanId, spans[1].Attributes.Get("gen_ai.usage.input_tokens"), spans[1].IsGenAi, spans[1].Resource.Name));
        var record = Assert.Single(telemetry.Logs.Find(new LogFilter(SpanId: spans[1].SpanId), 10).Items);
        Assert.Equal(("gen_ai.evaluation.result", "B is correct", "Scoring"), (record.EventName, record.Message, record.Scope));
        var evaluation = Assert.Single(LiveClin.Hosting.Local.Dashboard.Traces.Evaluation.ForTrace(telemetry, traceId, spans));
        Assert.Equal((spans[1].SpanId, true), (evaluation.Key, evaluation.Value.IsGood));
        Assert.Equal(5, Assert.Single(telemetry.Metrics.Series(new("dotnet", sourceName, "answers"), DateTime.MinValue)).Points[^1].Value);
        var latency = Assert.Single(telemetry.Metrics.Series(new("dotnet", sourceName, "latency"), DateTime.MinValue)).Points[^1];
        Assert.Equal((1, 1.25), (latency.Count, latency.Value));
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Nothing_is_taken_with_a_wrong_key(OtlpExportProtocol protocol)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var sourceName = "locked-" + protocol;
        using var source = new ActivitySource(sourceName);
        using (var traces = Sdk.CreateTracerProviderBuilder().AddSource(sourceName).AddOtlpExporter(o =>
        {
            o.Protocol = protocol;
            o.Headers = "x-otlp-api-key=guessed";
            o.Endpoint = protocol == OtlpExportProtocol.Grpc ? dashboard.Host.OtlpGrpcUrl : new Uri(dashboard.Host.OtlpHttpUrl, "v1/traces");
        }).Build())
        {
            source.StartActivity("secret")!.Dispose();
            traces.ForceFlush(10_000);
        }

        Assert.Equal(0, dashboard.Host.Telemetry.Traces.Counts.Accepted);
    }
}
