using Grpc.Core;
using LiveClin.Evaluator.Tests.Service;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using OpenTelemetry;

namespace LiveClin.Evaluator.Tests.Telemetry;

/// <summary>What the service sends over OTLP: spans from call to case to model call, metrics, and no probes.</summary>
[Collection(ProcessWide.Name)]
public sealed class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_traced_and_measured_and_probes_are_not()
    {
        using var folder = new TemporaryFolder();
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var sink = await OtlpSink.StartAsync();
        await using (var evaluator = await RunningEvaluator.StartAsync(folder["s.db"], sink.Configure))
        {
            var started = await evaluator.Client.StartRunAsync(
                new StartRunRequest
                {
                    IdempotencyKey = "k",
                    Model = new ModelSpec { ApiId = "fake", Endpoint = server.BaseUrl.ToString() },
                    Release = new ReleaseSource { JsonlPath = Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl") },
                    Limit = 1,
                },
                cancellationToken: Cancellation);
            using var watch = evaluator.Client.WatchRun(new WatchRunRequest { RunId = started.Run.Id }, cancellationToken: Cancellation);
            await foreach (var _ in watch.ResponseStream.ReadAllAsync(Cancellation)) { }
            using (SuppressInstrumentationScope.Begin()) // the client's side, which is in this process too
            {
                await evaluator.Http.GetStringAsync("health", Cancellation);
                await evaluator.Http.GetStringAsync("alive", Cancellation);
            }
        }

        var (traces, metrics) = (sink.Text("/v1/traces"), sink.Text("/v1/metrics"));
        foreach (var name in (string[])["liveclin.evaluator.v1.EvaluatorService/StartRun", "case 90000001", "chat fake",
            "/v1/chat/completions"])
            Assert.Contains(name, traces, StringComparison.Ordinal);
        Assert.DoesNotContain("/health", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("/alive", traces, StringComparison.Ordinal);
        foreach (var name in (string[])["gen_ai.client.operation.duration", "gen_ai.client.token.usage", "liveclin.questions",
            "liveclin.turn.duration"])
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        Assert.True(sink.Holds("/v1/metrics", 1800), "The model calls' histogram has no bucket up to half an hour.");
    }
}
