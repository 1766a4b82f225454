using Google.Rpc;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Runs over the contract that do not go as wished, and what callers are told.</summary>
public sealed class RunRefusalCallTests : RunCalls
{
    [Fact]
    public async Task Failures_are_told_with_the_questions_that_they_skip()
    {
        await using var server = await FakeModelServer.StartAsync((call, context) => call.Messages.Count == 3
            ? FakeModelServer.WriteAsync(context, 400, """{"error":{"message":"no","code":"content_filter"}}""")
            : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        var request = Request(server);
        request.Limit = 2;
        var run = (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        using var stream = Evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id }, Follow = true, OmitTexts = true },
            cancellationToken: Cancellation);
        var batches = await stream.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Single(batches, batch => batch.CaughtUp);
        var answers = batches.SelectMany(batch => batch.Answers).GroupBy(answer => (answer.CaseOrdinal, answer.QuestionIndex))
            .Select(group => group.Last()).ToList();
        Assert.All(answers, answer => Assert.False(answer.HasReply));
        Assert.Equal(2, answers.Count(answer => answer.Outcome == V1.Outcome.Filtered && answer.ErrorKind == "content_filter"));
        Assert.True(answers.Count(answer => answer.Outcome == V1.Outcome.NotRun && answer.ErrorKind == "skipped") > 2);
        var progress = (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation))
            .Run.Progress;
        Assert.Equal((2, 2, 4), (progress.CasesTotal, progress.CasesDone, progress.QuestionsDone));
    }

    [Fact]
    public async Task A_vision_check_comes_first_when_asked_for_and_a_failed_one_is_noted()
    {
        await using var server = await FakeModelServer.StartAsync(call => call.LastText.Contains("color", StringComparison.Ordinal)
            ? "Blue." : "\\boxed{A}");
        var request = Request(server);
        request.Limit = 1;
        request.VisionCheck = true;
        var run = (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        await WaitForEndAsync(run.Id);
        var stored = (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = run.Id }, cancellationToken: Cancellation)).Run;
        Assert.Equal((false, "Blue."), (stored.VisionCheck.Passed, stored.VisionCheck.Reply));
        Assert.Contains("Blue.", Assert.Single(stored.Events, noted => noted.Kind == "vision_check").Message, StringComparison.Ordinal);
        Assert.Equal(V1.RunStatus.Completed, stored.Status);
        Assert.Contains("color", server.Calls[0].LastText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Yellow", true)]
    [InlineData("green", false)]
    public async Task A_vision_check_alone_stores_nothing(string reply, bool passed)
    {
        await using var server = await FakeModelServer.StartAsync(_ => reply);
        var result = (await Evaluator.Client.VisionCheckAsync(new VisionCheckRequest { Model = Model(server) },
            cancellationToken: Cancellation)).Result;
        Assert.Equal((passed, reply), (result.Passed, result.Reply));
        Assert.Empty((await Evaluator.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation)).Runs);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_request_is_said_at_once()
    {
        var request = new StartRunRequest
        {
            Model = new ModelSpec
            {
                Endpoint = "ftp://somewhere",
                ApiKey = "sk\r\nX-Header: 1",
                Sampling = new Sampling { Temperature = 3, TopP = 0, MaxTokens = 0, ExtraBodyJson = "[1]", Preset = (ParameterPreset)9 },
            },
            Release = new ReleaseSource { Name = "demo", JsonlPath = "x.jsonl" },
            ImageMode = (V1.ImageMode)7,
            Limit = 0,
            Concurrency = 0,
            MaxRetries = -1,
            Timeout = new Google.Protobuf.WellKnownTypes.Duration { Seconds = 315_576_000_001 },
        };
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        string[] fields =
        [
            "concurrency", "idempotency_key", "image_mode", "limit", "max_retries", "model.api_id", "model.api_key", "model.endpoint",
            "model.sampling.extra_body_json", "model.sampling.max_tokens", "model.sampling.preset", "model.sampling.temperature",
            "model.sampling.top_p", "release", "timeout",
        ];
        Assert.Equal(fields, error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wrong_release_is_refused_with_file_and_line()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "x");
        var broken = Folder["broken.jsonl"];
        await File.WriteAllTextAsync(broken, (await File.ReadAllLinesAsync(Demo, Cancellation))[0] + "\n{\n", Cancellation);
        var request = Request(server);
        request.Release = new ReleaseSource { JsonlPath = broken, ImageRoot = Path.Combine(Path.GetDirectoryName(Demo)!, "images") };
        await AssertRefusedAsync(request, StatusCode.FailedPrecondition, "RELEASE_INVALID", "broken.jsonl:2:");
        request.Release = new ReleaseSource { JsonlPath = Folder["none.jsonl"] };
        await AssertRefusedAsync(request, StatusCode.NotFound, "RELEASE_NOT_FOUND", "none.jsonl");
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_run_whose_server_cannot_be_reached_fails_with_the_reason()
    {
        var request = new StartRunRequest
        {
            IdempotencyKey = "k", Model = new ModelSpec { ApiId = "m", Endpoint = "http://127.0.0.1:1/v1", ApiKey = Key },
            Release = new ReleaseSource { JsonlPath = Demo },
        };
        var run = (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run;
        var ended = await WaitForEndAsync(run.Id);
        Assert.Equal(V1.RunStatus.Failed, ended.Status);
        Assert.Contains("127.0.0.1:1", ended.StatusReason, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(StartRunRequest request, StatusCode code, string reason, string text)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Equal((code, reason), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        Assert.Contains(text, error.Status.Detail, StringComparison.Ordinal);
    }
}
