using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Outcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Releases, cases, images and exports over the contract.</summary>
public sealed class ReleaseCallTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Data => Path.Combine(SharedData.RepositoryRoot, "data");

    private static string DemoSha256 =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Data, "demo", "demo.jsonl"))));

    public async ValueTask InitializeAsync()
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"],
            (SampleRuns.Run("run1"),
            [SampleRuns.Answer(0, 0, Outcome.Correct), SampleRuns.Answer(0, 1, Outcome.Wrong), SampleRuns.Answer(0, 2, Outcome.Failed)]));
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"], settings => settings["LiveClin:DataDirectory"] = Data);
    }

    public async ValueTask DisposeAsync()
    {
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Releases_of_the_data_folder_and_of_stored_runs_are_listed()
    {
        var releases = (await _evaluator.Client.ListReleasesAsync(new ListReleasesRequest(), cancellationToken: Cancellation)).Releases;
        Assert.Equal(["demo", "sample"], releases.Select(release => release.Name));
        Assert.Equal((DemoSha256, 16, 80), (releases[0].Sha256, releases[0].CaseCount, releases[0].QuestionCount));
        Assert.Equal((SampleRuns.Release.Sha256, 2, 5), (releases[1].Sha256, releases[1].CaseCount, releases[1].QuestionCount));
    }

    [Theory]
    [InlineData("jsonlPath")]
    [InlineData("name")]
    [InlineData("imageRoot")]
    public async Task A_path_with_a_NUL_is_a_wrong_argument(string field)
    {
        var named = field == "imageRoot" ? "\"name\":\"demo\"," : "";
        var body = $"{{\"release\":{{{named}\"{field}\":\"/x\\u0000\"}}}}";
        using var reply = await _evaluator.Http.PostAsync("v1/releases:validate",
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancellation);

        var text = await reply.Content.ReadAsStringAsync(Cancellation);
        Assert.True(reply.StatusCode == HttpStatusCode.BadRequest, text);
        Assert.Contains("NUL character", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_release_is_valid_and_a_bad_one_says_everything_that_is_wrong()
    {
        var good = await _evaluator.Client.ValidateReleaseAsync(
            new ValidateReleaseRequest { Release = new ReleaseSource { Name = "demo" } }, cancellationToken: Cancellation);
        Assert.Equal((true, 80), (good.Valid, good.Release.QuestionCount));
        Assert.True(good.ImageCount > 0);

        await File.WriteAllTextAsync(_folder["bad.jsonl"], "{\"pmc\": \"1\"}\n[]\n", Cancellation);
        var bad = await _evaluator.Client.ValidateReleaseAsync(
            new ValidateReleaseRequest { Release = new ReleaseSource { JsonlPath = _folder["bad.jsonl"] } },
            cancellationToken: Cancellation);
        Assert.False(bad.Valid);
        Assert.Equal([1, 2], bad.Issues.Select(issue => issue.Line).Distinct());
        Assert.All(bad.Issues,
            issue => Assert.True(issue.IsError && issue.Message.Length > 0 && issue.File.EndsWith("bad.jsonl", StringComparison.Ordinal)));

        using var json = await _evaluator.Http.PostAsync("v1/releases:validate", new StringContent("""{"release":{"name":"demo"}}""", System.Text.Encoding.UTF8, "application/json"), Cancellation);
        Assert.True((bool)JsonNode.Parse(await json.Content.ReadAsStringAsync(Cancellation))!["valid"]!);
    }

    [Fact]
    public async Task Floors_come_with_a_release_and_with_a_limit_those_of_its_first_cases()
    {
        var demo = new ReleaseSource { Name = "demo" };
        var all = await _evaluator.Client.ValidateReleaseAsync(new ValidateReleaseRequest { Release = demo },
            cancellationToken: Cancellation);
        Assert.Equal(["always-A", "random", "longest-option", "overlap"], all.Floors.Select(floor => floor.Name));
        Assert.Equal(new FloorScore { ApiId = "baseline/always-A", Name = "always-A", CorrectQuestions = 8, Questions = 80, Cases = 16 },
            all.Floors[0]);

        var two = await _evaluator.Client.ValidateReleaseAsync(new ValidateReleaseRequest { Release = demo, Limit = 2 },
            cancellationToken: Cancellation);
        Assert.All(two.Floors, floor => Assert.Equal((11, 2), (floor.Questions, floor.Cases)));
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _evaluator.Client.ValidateReleaseAsync(new ValidateReleaseRequest { Release = demo, Limit = 0 },
            cancellationToken: Cancellation));
        Assert.Equal("limit", Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData(null)]
    public async Task Cases_are_listed_by_name_and_by_hash(string? name)
    {
        using var call = _evaluator.Client.ListCases(new ListCasesRequest { Release = name ?? SampleRuns.Release.Sha256 },
            cancellationToken: Cancellation);
        var cases = (await call.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).Select(response => response.Case)
            .ToList();
        Assert.Equal(Enumerable.Range(0, name is null ? 2 : 16), cases.Select(@case => @case.Ordinal));
        Assert.All(cases, @case => Assert.All(@case.Questions, question =>
        {
            Assert.Contains(question.Key, question.Letters);
            Assert.Equal(question.Letters.Count, question.OptionLengths.Count);
        }));
    }

    [Fact]
    public async Task A_case_is_found_under_each_of_its_names_and_has_all_of_its_parts()
    {
        foreach (var id in (string[])["90000001", "PMC90000001.json", "ordinal:0"])
        {
            var @case = (await _evaluator.Client.GetCaseAsync(new GetCaseRequest { Release = "demo", CaseId = id },
                cancellationToken: Cancellation)).Case;
            Assert.Equal(("90000001", 0), (@case.Summary.Id, @case.Summary.Ordinal));
            Assert.NotEqual("", @case.Scenario);
            Assert.Equal(@case.Summary.Questions.Count, @case.Questions.Count);
            Assert.All(@case.Questions, question => Assert.Contains(question.Key, question.Options.Select(option => option.Letter)));
            Assert.All(@case.Figures, figure => Assert.Matches("^[0-9a-f]{64}$", figure.Sha256));
            Assert.Equal("90000001", (string)JsonNode.Parse(@case.Json)!["pmc"]!);
        }

        var json = JsonNode.Parse(await _evaluator.Http.GetStringAsync("v1/releases/demo/cases/90000001", Cancellation))!;
        Assert.Equal("PMC90000001.json", (string)json["case"]!["summary"]!["fileName"]!);
    }

    [Fact]
    public async Task An_image_comes_by_its_hash_over_both_transports()
    {
        var figure = (await _evaluator.Client.GetCaseAsync(new GetCaseRequest { Release = "demo", CaseId = "ordinal:0" },
            cancellationToken: Cancellation)).Case.Figures[0];
        var expected = await File.ReadAllBytesAsync(Path.Combine(Data, "demo", "images", figure.File), Cancellation);
        using var call = _evaluator.Client.GetImage(new GetImageRequest { Sha256 = figure.Sha256 }, cancellationToken: Cancellation);
        var chunks = await call.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal("image/png", chunks[0].MediaType);
        Assert.Equal(expected, chunks.SelectMany(chunk => chunk.Data));

        using var response = await _evaluator.Http.GetAsync($"v1/images/{figure.Sha256}", Cancellation);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("v1/images/xyz", HttpStatusCode.BadRequest)]
    [InlineData("v1/images/0000000000000000000000000000000000000000000000000000000000000000", HttpStatusCode.NotFound)]
    [InlineData("v1/releases/nothing/cases", HttpStatusCode.NotFound)]
    [InlineData("v1/releases/demo/cases/nothing", HttpStatusCode.NotFound)]
    [InlineData("v1/releases/demo/cases/ordinal:16", HttpStatusCode.NotFound)]
    [InlineData("v1/releases/demo/cases/ordinal:-1", HttpStatusCode.NotFound)]
    [InlineData("v1/runs/run1:export", HttpStatusCode.BadRequest)]
    [InlineData("v1/runs/none:export?format=csv", HttpStatusCode.NotFound)]
    [InlineData("v1/runs/none:watch", HttpStatusCode.NotFound)]
    [InlineData("v1/answers", HttpStatusCode.BadRequest)]
    [InlineData("v1/answers?run_ids=none", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_said(string path, HttpStatusCode status)
    {
        using var response = await _evaluator.Http.GetAsync(path, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {body}");
        Assert.NotEmpty(JsonNode.Parse(body)!["details"]!.AsArray());
    }

    [Fact]
    public async Task A_release_needs_a_name_or_a_file_and_not_both()
    {
        foreach (var source in (ReleaseSource?[])[null, new ReleaseSource(), new ReleaseSource { Name = "demo", JsonlPath = "x" }])
        {
            var error = await Assert.ThrowsAsync<RpcException>(async () =>
                await _evaluator.Client.ValidateReleaseAsync(new ValidateReleaseRequest { Release = source },
                cancellationToken: Cancellation));
            Assert.Equal("release", Assert.Single(error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
        }
    }

    [Theory]
    [InlineData(ExportFormat.V1, "application/json", "model_sample.json")]
    [InlineData(ExportFormat.Jsonl, "application/x-ndjson", "model_sample.jsonl")]
    [InlineData(ExportFormat.Csv, "text/csv", "model_sample.csv")]
    [InlineData(ExportFormat.Parquet, "application/vnd.apache.parquet", "model_sample.parquet")]
    [InlineData(ExportFormat.Core, "application/zip", "model_sample.zip")]
    public async Task A_run_is_exported_as_the_same_file_over_both_transports(ExportFormat format, string mediaType, string name)
    {
        using var response = await _evaluator.Http.GetAsync($"v1/runs/run1:export?format={format}", Cancellation);
        Assert.Equal((mediaType, name),
            (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentDisposition!.FileName));
        var overHttp = await response.Content.ReadAsByteArrayAsync(Cancellation);
        using var call = _evaluator.Client.ExportRun(new ExportRunRequest { RunId = "run1", Format = format },
            cancellationToken: Cancellation);
        var chunks = await call.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal((mediaType, name), (chunks[0].MediaType, chunks[0].FileName));
        var overGrpc = chunks.SelectMany(chunk => chunk.Data).ToArray();
        if (format == ExportFormat.Core)
        {
            await using var zip = new ZipArchive(new MemoryStream(overGrpc));
            Assert.Equal(["PMC1000.json"], zip.Entries.Select(entry => entry.FullName)); // the other case was not asked
        }
        else
        {
            Assert.Equal(overHttp, overGrpc);
        }
    }
}
