using System.Net;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Service;
using LiveClin.Stats.V1;
using Microsoft.AspNetCore.Builder;

namespace LiveClin.Stats.Tests.Service;

public sealed class StatsServiceTests : IAsyncLifetime
{
    private readonly EvaluatorDouble _evaluator = new();
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;
    private HttpClient _http = null!;

    private StatsService.StatsServiceClient Client => new(_channel);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _evaluator.StartAsync();
        // Found through service discovery, as the app host passes it.
        _app = StatsApplication.Build(
        [
            new("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"), new("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"),
            new("Services:evaluator:grpc:0", _evaluator.Address), new("Logging:LogLevel:Default", "None"),
        ]);
        await _app.StartAsync(Stop);
        // Kestrel lists its endpoints in the order of their names.
        _channel = GrpcChannel.ForAddress(_app.Urls.First(), new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false } });
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_app.Urls.Last()) };
        _evaluator.AddRun("1", "good", (0, 0, Outcome.Wrong, "B"));
        _evaluator.AddRun("2", "good", (0, 0, Outcome.Correct, "\\boxed{A}"), (0, 1, Outcome.Correct, "\\boxed{A}"), (1, 0, Outcome.Correct, "\\boxed{A}"), (1, 1, Outcome.Wrong, "Option B"));
        _evaluator.AddRun("3", "poor", (0, 0, Outcome.Wrong, "\\boxed{B}"), (0, 1, Outcome.Wrong, "\\boxed{B}"), (1, 0, Outcome.Failed, null));
    }

    [Fact]
    public async Task The_leaderboard_shows_every_accuracy_with_its_denominator()
    {
        var board = await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        Assert.Equal(("sample", 2, 4), (board.Release, board.CaseCount, board.QuestionCount));
        Assert.Equal([(1, "good", "2"), (2, "poor", "3")], board.Rows.Select(r => (r.Rank, r.Model, r.RunId)));
        var good = board.Rows[0];
        Assert.Equal((1, 2, 3, 4), (good.Cases.Count, good.Cases.Total, good.Questions.Count, good.Questions.Total));
        Assert.Equal((3, 4), (good.StrictQuestions.Count, good.StrictQuestions.Total));
        Assert.InRange(good.Cases.Value, good.CaseInterval.Low, good.CaseInterval.High);
        var poor = board.Rows[1];
        Assert.Equal((0, 2, 0, 1), (poor.Answered.Count, poor.Answered.Total, poor.CoreCases.Count, poor.CoreCases.Total));
        Assert.Equal((0.0, 0.5), (poor.QuestionBounds.Low, poor.QuestionBounds.High));
        Assert.Equal((2, 1, 1), (poor.Outcomes.Wrong, poor.Outcomes.Failed, poor.Outcomes.NotRun));
    }

    [Fact]
    public async Task The_published_statistics_come_with_their_files()
    {
        var statistics = await Client.GetStatisticsAsync(new GetStatisticsRequest(), cancellationToken: Stop);
        Assert.Equal(1, statistics.Core.TotalFiles); // the second case has a failure
        Assert.Contains("Total files analyzed: 1", statistics.Core.ReportText, StringComparison.Ordinal);
        Assert.Equal(1, JsonNode.Parse(statistics.Core.StatisticsJson)!["total_files"]!.GetValue<int>());
        Assert.Equal([("good", 3), ("poor", 0)], statistics.V1.Select(v => (v.Model, v.Questions.Count)));
        Assert.Equal(0.75, JsonNode.Parse(statistics.V1[0].SummaryJson)!["question_accuracy"]!.GetValue<double>());
        Assert.Single(statistics.Core.LeftOut);
    }

    [Fact]
    public async Task The_same_is_there_as_json()
    {
        var json = JsonNode.Parse(await _http.GetStringAsync("/v1/leaderboard?selection.ignored_models=poor", Stop))!;
        Assert.Equal("good", Assert.Single(json["rows"]!.AsArray())!["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task Answers_are_fetched_again_only_when_their_runs_moved_on()
    {
        await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        await Client.GetStatisticsAsync(new GetStatisticsRequest(), cancellationToken: Stop);
        Assert.Equal(1, _evaluator.AnswerStreams);
        _evaluator.Runs[0].Progress.QuestionsDone++;
        await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        Assert.Equal(2, _evaluator.AnswerStreams);
    }

    [Fact]
    public async Task An_unknown_run_and_an_unknown_release_are_named()
    {
        var run = await Assert.ThrowsAsync<RpcException>(async () => await Client.GetLeaderboardAsync(new() { Selection = new() { RunIds = { "x" } } }, cancellationToken: Stop));
        Assert.Equal((StatusCode.NotFound, "There is no run 'x'."), (run.StatusCode, run.Status.Detail));
        var release = await Assert.ThrowsAsync<RpcException>(async () => await Client.GetLeaderboardAsync(new() { Selection = new() { Release = "y" } }, cancellationToken: Stop));
        Assert.Equal((StatusCode.NotFound, "selection.release"), (release.StatusCode, release.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations[0].Field));
    }

    [Fact]
    public async Task Without_the_evaluator_the_service_lives_and_says_what_is_missing()
    {
        await _evaluator.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("evaluator cannot be reached", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/alive", Stop)).StatusCode);
    }

    [Fact]
    public async Task Health_and_reflection_are_there()
    {
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/health", Stop)).StatusCode);
        var health = await new Health.HealthClient(_channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Stop);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        using var call = new ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Stop);
        await call.ResponseStream.MoveNext(Stop);
        Assert.Contains("liveclin.stats.v1.StatsService", call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
        await _evaluator.DisposeAsync();
    }
}
