using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Pages.Shell;
using LiveClin.Stats.Service;
using LiveClin.Stats.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        _evaluator.AddRun("1", "good", (0, 0, Outcome.Wrong, "B"));
        _evaluator.AddRun("2", "good", (0, 0, Outcome.Correct, "\\boxed{A}"), (0, 1, Outcome.Correct, "\\boxed{A}"),
            (1, 0, Outcome.Correct, "\\boxed{A}"), (1, 1, Outcome.Wrong, "Option B"));
        _evaluator.AddRun("3", "poor", (0, 0, Outcome.Wrong, "\\boxed{B}"), (0, 1, Outcome.Wrong, "\\boxed{B}"),
            (1, 0, Outcome.Failed, null));
        // Found through service discovery, as the app host passes it.
        _app = StatsApplication.Build(
        [
            new("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"), new("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"),
            new("Services:evaluator:grpc:0", _evaluator.Address), new("Logging:LogLevel:Default", "None"),
            new("LiveClin:Access:Anonymous", "true"),
        ]);
        await _app.StartAsync(Stop);
        // What is loaded before anybody asks is loaded: it counts as a look, and would see what tests change meanwhile.
        await _app.Services.GetServices<IHostedService>().OfType<ViewWarmup>().Single().ExecuteTask!;
        // Kestrel lists its endpoints in the order of their names.
        _channel = GrpcChannel.ForAddress(_app.Urls.First(), new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
        });
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_app.Urls.Last()) };
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
        var wrong = await _http.GetAsync("/v1/leaderboard?selection.ignored_model=poor", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("selection.ignored_model", await wrong.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_api_says_what_it_answers()
    {
        var contract = await OpenApiContract.ReadAsync(_http);
        foreach (var operation in (string[])["get /v1/leaderboard", "get /v1/models/{model}", "get /v1/comparison", "get /v1/report"])
            Assert.Contains(operation, contract.Operations);
        Assert.Contains("selection.ignored_models", contract.Query("get", "/v1/leaderboard"));
        foreach (var path in (string[])["/v1/leaderboard", "/v1/slices", "/v1/items", "/v1/cases", "/v1/statistics"])
            contract.AssertAnswer("get", path, await _http.GetStringAsync(path, Stop));
    }

    [Fact]
    public async Task Answers_are_fetched_again_only_when_their_runs_moved_on()
    {
        await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        await Client.GetStatisticsAsync(new GetStatisticsRequest(), cancellationToken: Stop);
        Assert.Equal(2, _evaluator.AnswerStreams); // one a run
        _evaluator.Runs[0].Progress.QuestionsDone++;
        await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        Assert.Equal(3, _evaluator.AnswerStreams);
    }

    [Fact]
    public async Task While_a_run_goes_on_only_its_new_answers_are_fetched()
    {
        var run = _evaluator.Runs[0]; // "poor"
        (run.Status, run.Active) = (RunStatus.Running, true);
        await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        _evaluator.AnswersSent.Clear();

        _evaluator.Publish(new Evaluator.V1.Answer
        {
            RunId = "3",
            CaseOrdinal = 1,
            QuestionIndex = 1,
            Outcome = Evaluator.V1.Outcome.Correct,
            Letter = "A",
            Reply = "\\boxed{A}",
            Attempts = 1,
            CompletedAt = new DateTime(2026, 1, 2, 4, 0, 0, DateTimeKind.Utc).ToTimestamp(),
        });
        var board = await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        Assert.Equal([3], _evaluator.AnswersSent); // the new one, and those of the minute before
        Assert.Equal((1, 2, 1), (board.Rows[1].Outcomes.Correct, board.Rows[1].Outcomes.Wrong, board.Rows[1].Outcomes.Failed));

        _evaluator.End(run);
        Assert.Equal(1, (await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop)).Rows[1].Outcomes.Correct);
        Assert.Equal([3, 4], _evaluator.AnswersSent);
    }

    [Fact]
    public async Task A_run_without_an_answer_does_not_hide_what_its_model_answered_before()
    {
        _evaluator.AddRun("4", "good");
        _evaluator.AddRun("5", "newcomer");
        _evaluator.Runs[0].Status = _evaluator.Runs[1].Status = RunStatus.Failed;
        var board = await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop);
        Assert.Equal(["2", "3"], board.Rows.Select(r => r.RunId).Order());
    }

    [Fact]
    public async Task An_unknown_run_and_an_unknown_release_are_named()
    {
        var run = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.GetLeaderboardAsync(new() { Selection = new() { RunIds = { "x" } } }, cancellationToken: Stop));
        Assert.Equal((StatusCode.NotFound, "There is no run 'x'."), (run.StatusCode, run.Status.Detail));
        var release = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.GetLeaderboardAsync(new() { Selection = new() { Release = "y" } }, cancellationToken: Stop));
        Assert.Equal((StatusCode.NotFound, "selection.release"),
            (release.StatusCode, release.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>().FieldViolations[0].Field));
    }

    [Fact]
    public async Task A_model_has_its_report()
    {
        var report = await Client.GetModelReportAsync(new GetModelReportRequest { Model = "good" }, cancellationToken: Stop);
        Assert.Equal(("good", 3), (report.Row.Model, report.Row.Questions.Count));
        Assert.Equal([(1, 2, 0), (2, 2, 1)], report.Survival.Select(p => (p.Position, p.AtRisk, p.FirstErrors)));
        Assert.Equal(("1", 1, "B", ""),
            (report.RuleDifferences[0].CaseId, report.RuleDifferences[0].QuestionIndex, report.RuleDifferences[0].PublishedLetter,
            report.RuleDifferences[0].StrictLetter));
        Assert.Equal((4, false), (report.Cost.Requests, report.Cost.HasCost_));
        Assert.Contains(report.Slices, s => s is { Dimension: SliceDimension.ImageModality, Name: "CT", TooSmall: true });
        var missing = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.GetModelReportAsync(new GetModelReportRequest { Model = "x" }, cancellationToken: Stop));
        Assert.Equal("There is no model 'x'; there are: good, poor.", missing.Status.Detail);
    }

    [Fact]
    public async Task Models_are_compared_sliced_and_their_items_listed()
    {
        var comparison = await Client.CompareModelsAsync(new CompareModelsRequest(), cancellationToken: Stop);
        var pair = Assert.Single(comparison.Pairs);
        Assert.Equal(("good", "poor", 2, 0.5), (pair.First, pair.Second, pair.SharedCases, pair.CaseDifference));
        Assert.Contains("cannot be told apart", pair.Conclusion, StringComparison.Ordinal);
        Assert.Equal(["good", "poor"], Assert.Single(comparison.Groups).Models);
        var slices = await Client.GetSlicesAsync(new GetSlicesRequest { Dimension = SliceDimension.Position }, cancellationToken: Stop);
        Assert.Equal(["Q1", "Q2"], slices.Models[0].Slices.Select(s => s.Name));
        var items = await Client.GetItemsAsync(new GetItemsRequest { PageSize = 3 }, cancellationToken: Stop);
        Assert.Equal((3, 4, "3"), (items.Items.Count, items.TotalSize, items.NextPageToken));
        Assert.StartsWith("Nothing is concluded about keys: it takes at least 5 models", items.Missing, StringComparison.Ordinal);
        Assert.Single((await Client.GetItemsAsync(new GetItemsRequest { PageSize = 3, PageToken = "3" }, cancellationToken: Stop)).Items);
        var wrong = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.GetItemsAsync(new GetItemsRequest { PageSize = 2000 }, cancellationToken: Stop));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
    }

    [Fact]
    public async Task Cases_are_filtered_and_shown_with_every_models_reply()
    {
        Assert.Equal(["0"], await Cases(new CaseFilter { Right = { "good" }, Wrong = { "poor" } }));
        Assert.Equal(["1"], await Cases(new CaseFilter { Outcome = "failed" }));
        Assert.Equal(["0"], await Cases(new CaseFilter { Disagreement = true }));
        Assert.Empty(await Cases(new CaseFilter { Text = "no such title" }));
        Assert.Equal(["0", "1"], await Cases(new CaseFilter
        {
            Chapter = "Chapter 1",
            Stage = "Presentation & Assessment",
            ImageModality = "CT",
        }));
        var @case = await Client.GetCaseAsync(new V1.GetCaseRequest { CaseId = "1" }, cancellationToken: Stop);
        Assert.Equal([("good", "cw"), ("poor", "fn")], @case.Row.Results.Select(r => (r.Model, r.Outcomes)));
        Assert.Equal("Option B", @case.Questions[1].Answers[0].Reply);
        Assert.Equal(("failed", false), (@case.Questions[0].Answers[1].Outcome, @case.Questions[0].Answers[1].HasReply));

        async Task<IEnumerable<string>> Cases(CaseFilter filter) =>
            (await Client.ListCasesAsync(new V1.ListCasesRequest { Filter = filter }, cancellationToken: Stop)).Cases.Select(c => c.Id);
    }

    [Fact]
    public async Task The_leaderboard_comes_again_when_a_run_moves_on()
    {
        using var call = Client.WatchLeaderboard(
            new WatchLeaderboardRequest { Interval = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(0.5)) },
            cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(2, call.ResponseStream.Current.Rows.Count);
        _evaluator.AddRun("4", "late", (0, 0, Evaluator.V1.Outcome.Correct, "\\boxed{A}"));
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(3, call.ResponseStream.Current.Rows.Count);

        // And goes on when the evaluator's database was away.
        _evaluator.IsAway = true;
        while (_evaluator.Refused == 0) await Task.Delay(20, Stop);
        var away = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop));
        Assert.Equal((StatusCode.Unavailable, ServiceDefaults.Rpc.RpcErrors.StoreUnreachable),
            (away.StatusCode, ServiceDefaults.Rpc.RpcErrors.ReasonOf(away)));
        _evaluator.AddRun("5", "later", (0, 0, Evaluator.V1.Outcome.Correct, "\\boxed{A}"));
        _evaluator.IsAway = false;
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(4, call.ResponseStream.Current.Rows.Count);
    }

    [Fact]
    public async Task Plots_are_drawn_by_name()
    {
        var svg = await Client.RenderPlotAsync(new RenderPlotRequest { Name = "position", Models = { "good" } }, cancellationToken: Stop);
        Assert.Equal("image/svg+xml", svg.MediaType);
        Assert.Contains("<svg", svg.Data.ToStringUtf8(), StringComparison.Ordinal);
        var png = await Client.RenderPlotAsync(new RenderPlotRequest { Name = "case-accuracy", Format = PlotFormat.Png, Dark = true },
            cancellationToken: Stop);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png.Data.Span[..4].ToArray());
        var pdf = await Client.RenderPlotAsync(new RenderPlotRequest { Name = "case-accuracy", Format = PlotFormat.Pdf },
            cancellationToken: Stop);
        Assert.Equal(("application/pdf", "%PDF"), (pdf.MediaType, pdf.Data.ToStringUtf8()[..4]));
        var wrong = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.RenderPlotAsync(new RenderPlotRequest { Name = "published" }, cancellationToken: Stop));
        Assert.Contains("there are: calibration", wrong.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_is_a_file_over_grpc_and_http()
    {
        using var call = Client.ExportReport(new ExportReportRequest { Format = ReportFormat.Html }, cancellationToken: Stop);
        var streamed = new System.Text.StringBuilder();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(Stop)) streamed.Append(chunk.Data.ToStringUtf8());
        Assert.EndsWith("</body></html>\n", streamed.ToString(), StringComparison.Ordinal);
        Assert.Contains("data:image/svg+xml;base64,", streamed.ToString(), StringComparison.Ordinal);
        var response = await _http.GetAsync("/v1/report?format=json", Stop);
        Assert.Equal("sample", JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["release"]!.GetValue<string>());
        var wrong = await _http.GetAsync("/v1/report?format=pdf", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("format must be", await wrong.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_evaluator_the_service_lives_and_says_what_is_missing()
    {
        await _evaluator.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop));
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
