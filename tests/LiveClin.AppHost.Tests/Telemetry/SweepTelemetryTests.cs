using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Tests.Sweep;
using LiveClin.Hosting.Local.Dashboard.AppModel;
using LiveClin.Hosting.Local.Otlp.Store;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.AppHost.Tests.Telemetry;

/// <summary>What a sweep over a stand-in for SGLang leaves in the dashboard.</summary>
[Collection(InProcess.Name)]
public sealed class SweepTelemetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_trace_from_sweep_to_model_call_and_the_metrics_of_server_and_gpus()
    {
        AppHostInProcess.UseDoubles(new FakeGpus(_folder.FullName).Write(new JsonObject { ["gpus"] = new JsonArray(new JsonObject { ["total"] = 1000, ["used"] = 250, ["utilization"] = 30, ["temperature"] = 55 }) }));
        File.WriteAllText(_folder["settings.json"], new JsonObject
        {
            ["LiveClin"] = new JsonObject
            {
                ["Logs"] = _folder["logs"],
                ["GpuFreeFraction"] = 0.5,
                ["Models"] = new JsonArray(new JsonObject { ["Name"] = "M", ["Server"] = "sglang", ["Path"] = "fake/m", ["ApiId"] = "m", ["Args"] = new JsonArray("--mem-fraction-static", "0.5") }),
            },
        }.ToJsonString());
        await using var host = await AppHostInProcess.StartAsync(["--settings", _folder["settings.json"], "--results", _folder["results"], "--limit", "2", "--environment=Development", "--capture-messages"]);
        await host.StateAsync("sweep", KnownResourceStates.Finished);
        var kept = host.Services.GetRequiredService<DashboardService>().Host!.Telemetry;

        // The evaluator's last span, the run, and the sweep's own come a second later, in either order.
        var trace = await FindAsync(() => kept.Traces.Find(new TraceFilter("sweep"), 10).Items.SingleOrDefault(t => t.HasRoot && kept.Traces.Get(t.TraceId)!.Any(s => s.Name.Split(' ')[0] == "run")));
        Assert.Equal(("sweep over 1 model", 0), (trace.Name, trace.Errors));
        var spans = kept.Traces.Get(trace.TraceId)!;
        Span Of(string name) => spans.First(s => s.Name.StartsWith(name, StringComparison.Ordinal));
        string[] Path(Span? span) => span is null ? [] : [.. Path(spans.FirstOrDefault(s => s.SpanId == span.ParentSpanId)), span.Name.Split(' ')[0]];
        Assert.Equal(["sweep", "model", "liveclin.evaluator.v1.EvaluatorService/StartRun", "run", "case", "chat", "POST"], Path(spans.First(s => s.Name == "POST" && Path(s).Contains("case"))));
        Assert.Equal(["sweep", "model", "liveclin.evaluator.v1.EvaluatorService/StartRun", "vision"], Path(Of("vision check")));
        foreach (var step in (string[])["wait for GPUs", "check the environment", "start SGLang", "stop SGLang"]) Assert.Equal(["sweep", "model", step.Split(' ')[0]], Path(Of(step)));
        // Messages were asked for; images never come along.
        var messages = Of("case") is var one ? spans.First(s => s.IsGenAi && s.ParentSpanId == one.SpanId).Attributes.Get("gen_ai.input.messages") : null;
        Assert.Contains("text", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("base64", messages, StringComparison.Ordinal);

        var requests = await FindAsync(() => Last(kept, "sglang", "sglang:num_requests_total"));
        Assert.True(requests.Value > 2);
        Assert.Equal(requests.Value, Last(kept, "sglang", "sglang:e2e_request_latency_seconds")!.Buckets!.Sum());
        Assert.Equal(0.3, Last(kept, "gpus", "hw.gpu.utilization")!.Value);
        Assert.Equal(55, Last(kept, "gpus", "hw.temperature")!.Value);
        Assert.Equal(1000 << 20, Last(kept, "gpus", "hw.gpu.memory.usage")!.Value + Last(kept, "gpus", "hw.gpu.memory.free")!.Value);
    }

    [Fact]
    public async Task The_router_s_own_metrics_stand_beside_those_of_its_servers()
    {
        AppHostInProcess.UseDoubles(new FakeGpus(_folder.FullName).Write(2));
        var models = new JsonArray(Models.SGLang("M", "fake/m", dp: 2).With("Router", true));
        File.WriteAllText(_folder["settings.json"], new JsonObject { ["LiveClin"] = new JsonObject { ["Logs"] = _folder["logs"], ["Models"] = models } }.ToJsonString());
        await using var host = await AppHostInProcess.StartAsync(["--settings", _folder["settings.json"], "--results", _folder["results"], "--limit", "2"]);
        await host.StateAsync("sweep", KnownResourceStates.Finished);
        var kept = host.Services.GetRequiredService<DashboardService>().Host!.Telemetry;

        Assert.True((await FindAsync(() => Last(kept, "sglang", "smg_worker_requests_total"))).Value > 0);
        Assert.NotNull(Last(kept, "sglang", "sglang:num_requests_total"));
    }

    private static MetricPoint? Last(TelemetryStore kept, string resource, string name) =>
        kept.Metrics.Instruments(resource).FirstOrDefault(i => i.Key.Name == name) is { } found ? kept.Metrics.Series(found.Key, DateTime.MinValue)[0].Points[^1] : null;

    private static async Task<T> FindAsync<T>(Func<T?> find) where T : class
    {
        while (true)
        {
            if (find() is { } found) return found;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
