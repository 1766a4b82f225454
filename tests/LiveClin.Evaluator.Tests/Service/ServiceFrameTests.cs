using System.Net;
using System.Text.Json.Nodes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>What holds for every call: both transports, errors, health, reflection, paging.</summary>
public sealed class ServiceFrameTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await CreateStoreAsync(
            _folder["s.db"],
            (Run("run1", "model-a"),
                [Answer(0, 0, Core.Answers.Outcome.Correct), Answer(0, 1, Core.Answers.Outcome.Failed),
                Answer(0, 2, Core.Answers.Outcome.NotRun)]),
            (Run("run2", "model-b", Core.Results.RunStatus.Cancelled), []),
            (Run("run3", "model-a", Core.Results.RunStatus.Running, limit: 1), []));
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_reads_the_same_over_both_transports()
    {
        var run = (await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = "run1" }, cancellationToken: Cancellation)).Run;
        Assert.Equal(("run1", "model-a", V1.RunStatus.Completed, false), (run.Id, run.Model, run.Status, run.Active));
        Assert.Equal((5, 2, 2, 0),
            (run.Progress.QuestionsTotal, run.Progress.QuestionsDone, run.Progress.CasesTotal, run.Progress.CasesCorrect));
        Assert.Equal(new OutcomeCounts { Correct = 1, Failed = 1, NotRun = 3 }, run.Progress.Outcomes);
        Assert.False(run.HasLimit);
        Assert.False(run.HasGitCommit);

        var json = JsonNode.Parse(await _evaluator.Http.GetStringAsync("v1/runs/run1", Cancellation))!["run"]!;
        Assert.Equal(("run1", "RUN_STATUS_COMPLETED", 5),
            ((string)json["id"]!, (string)json["status"]!, (int)json["progress"]!["questionsTotal"]!));
    }

    [Fact]
    public async Task Runs_come_in_pages_newest_first()
    {
        var first = await _evaluator.Client.ListRunsAsync(new ListRunsRequest { PageSize = 2 }, cancellationToken: Cancellation);
        Assert.Equal(["run3", "run2"], first.Runs.Select(run => run.Id));
        var second = await _evaluator.Client.ListRunsAsync(new ListRunsRequest { PageSize = 2, PageToken = first.NextPageToken },
            cancellationToken: Cancellation);
        Assert.Equal(["run1"], second.Runs.Select(run => run.Id));
        Assert.Equal("", second.NextPageToken);

        var filtered = await _evaluator.Client.ListRunsAsync(
            new ListRunsRequest { Model = "model-a", Release = Release.Sha256, Status = V1.RunStatus.Running },
            cancellationToken: Cancellation);
        Assert.Equal(["run3"], filtered.Runs.Select(run => run.Id));
        Assert.Equal(1, filtered.Runs[0].Limit);
    }

    [Theory]
    [InlineData("v1/runs/nothing", HttpStatusCode.NotFound, "RUN_NOT_FOUND")]
    [InlineData("v1/runs/run", HttpStatusCode.BadRequest, "STORE_OTHER")]
    public async Task An_error_over_http_has_a_reason(string path, HttpStatusCode status, string reason)
    {
        using var response = await _evaluator.Http.GetAsync(path, Cancellation);
        Assert.Equal(status, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(reason, (string)error["details"]![0]!["reason"]!);
    }

    [Theory]
    [InlineData(-1, "", "page_size")]
    [InlineData(1001, "", "page_size")]
    [InlineData(0, "nonsense", "page_token")]
    public async Task A_wrong_field_is_named(int size, string token, string field)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _evaluator.Client.ListRunsAsync(new ListRunsRequest { PageSize = size, PageToken = token },
                cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(field, Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Fact]
    public async Task A_missing_run_is_not_found()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = "x" }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal(("liveclin", "RUN_NOT_FOUND"),
            (error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Domain, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
    }

    [Fact]
    public async Task A_passed_deadline_is_honoured()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = "run1" }, deadline: DateTime.UtcNow.AddTicks(1),
                cancellationToken: Cancellation));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Health_is_told_over_both_transports()
    {
        var health = await new Health.HealthClient(_evaluator.Channel)
            .CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal("Healthy", await _evaluator.Http.GetStringAsync("health", Cancellation));
        Assert.Equal("Healthy", await _evaluator.Http.GetStringAsync("alive", Cancellation));
    }

    [Fact]
    public async Task Reflection_lists_the_service()
    {
        using var call = new ServerReflection.ServerReflectionClient(_evaluator.Channel)
            .ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Contains("liveclin.evaluator.v1.EvaluatorService",
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Fact]
    public void A_store_that_another_process_writes_to_is_refused_before_anything_listens()
    {
        var error = Assert.Throws<StoreException>(() =>
            LiveClin.Evaluator.Service.EvaluatorApplication.Build(
                new Dictionary<string, string?> { ["LiveClin:Store"] = _folder["s.db"] }));
        Assert.Equal(StoreProblem.Locked, error.Problem);
    }
}
