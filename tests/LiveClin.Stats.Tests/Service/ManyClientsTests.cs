using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Service;
using LiveClin.Stats.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Outcome = LiveClin.Evaluator.V1.Outcome;

namespace LiveClin.Stats.Tests.Service;

public sealed class ManyClientsTests : IAsyncLifetime
{
    private readonly EvaluatorDouble _evaluator = new();
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _evaluator.StartAsync();
        _evaluator.AddRun("1", "good", (0, 0, Outcome.Correct, "\\boxed{A}"), (0, 1, Outcome.Correct, "\\boxed{A}"));
        _evaluator.AddRun("2", "poor", (0, 0, Outcome.Wrong, "\\boxed{B}"));
        await StartServiceAsync();
    }

    private async Task StartServiceAsync(params KeyValuePair<string, string?>[] settings)
    {
        _app = StatsApplication.Build(
        [
            new("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"), new("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"),
            new("Services:evaluator:grpc:0", _evaluator.Address), new("Logging:LogLevel:Default", "None"),
            new("LiveClin:Access:Anonymous", "true"), .. settings,
        ]);
        await _app.StartAsync(Stop);
        _channel = GrpcChannel.ForAddress(_app.Urls.First(), new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
        });
    }

    [Fact]
    public async Task All_get_one_set()
    {
        var loader = _app.Services.GetRequiredService<ResultSetLoader>();
        var sets = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => loader.LoadAsync(new RunSelection(), Stop)));
        Assert.All(sets, set => Assert.Same(sets[0], set));
        Assert.Equal(2, _evaluator.AnswerStreams); // one a run
    }

    [Fact]
    public async Task An_evaluator_that_says_nothing_is_given_up_and_said()
    {
        await StopServiceAsync();
        await StartServiceAsync(new KeyValuePair<string, string?>("LiveClin:EvaluatorPatience", "00:00:01"));
        await FillAsync();
        _evaluator.IsSilent = true;
        await AssertSilentAsync(async client => await client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop));
        _evaluator.IsSilent = false;
        _evaluator.AreStreamsSilent = true;
        await AssertSilentAsync(async client => await client.GetCaseAsync(new V1.GetCaseRequest { CaseId = "0" }, cancellationToken: Stop));
    }

    [Fact]
    public async Task A_large_answer_is_written_as_json_once_and_means_what_the_message_says()
    {
        for (var model = 0; model < 60; model++)
            _evaluator.AddRun($"many-{model}", $"model-{model}", (0, 0, Outcome.Correct, "\\boxed{A}"),
                (0, 1, Outcome.Wrong, "\\boxed{B}"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_app.Urls.Last()) };
        var texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.GetStringAsync("/v1/comparison", Stop)));
        Assert.True(texts[0].Length > 1 << 20);
        Assert.All(texts, text => Assert.Equal(texts[0], text));
        Assert.Equal(texts[0], await http.GetStringAsync("/v1/comparison", Stop));

        var message = await new StatsService.StatsServiceClient(_channel)
            .CompareModelsAsync(new CompareModelsRequest(), cancellationToken: Stop);
        Assert.Equal(message, JsonParser.Default.Parse<CompareModelsResponse>(texts[0]));

        // Another answer of the same kind, and the same after a run has moved on, are not it.
        Assert.NotEqual(texts[0], await http.GetStringAsync("/v1/comparison?models=good&models=poor", Stop));
        _evaluator.AddRun("newest", "newest", (0, 0, Outcome.Correct, "\\boxed{A}"));
        Assert.Contains("newest", await http.GetStringAsync("/v1/comparison", Stop), StringComparison.Ordinal);
    }

    // What comes first may take longer than a second where much else is to be done.
    private async Task FillAsync()
    {
        while (true)
        {
            try
            {
                await new StatsService.StatsServiceClient(_channel).GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
                return;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
            {
                // once more
            }
        }
    }

    private async Task AssertSilentAsync(Func<StatsService.StatsServiceClient, Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => call(new StatsService.StatsServiceClient(_channel)));
        Assert.Equal((StatusCode.Unavailable, "EVALUATOR_SILENT"),
            (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
    }

    private async Task StopServiceAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopServiceAsync();
        await _evaluator.DisposeAsync();
    }
}
