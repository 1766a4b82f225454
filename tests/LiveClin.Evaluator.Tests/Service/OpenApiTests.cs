using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>The JSON API says what it is, and refuses what it is not.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await CreateStoreAsync(_folder["s.db"], (Run("run1"), [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed)]),
            (Run("run2"), []));
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_document_says_what_the_service_answers()
    {
        var contract = await OpenApiContract.ReadAsync(_evaluator.Http);
        foreach (var operation in (string[])
                 ["get /v1/runs", "post /v1/runs", "patch /v1/runs/{run_id}", "delete /v1/runs/{run_id}", "get /v1/runs/{run_id}:watch",
                     "get /v1/releases/{release}/cases/{case_id}",
                     "get /v1/runs/{runId}:export", "post /v1/results:import", "get /v1/images/{sha256}"])
            Assert.Contains(operation, contract.Operations);
        Assert.Contains("page_size", contract.Query("get", "/v1/runs"));
        Assert.Equal(["format", "epoch"], contract.Query("get", "/v1/runs/{runId}:export"));
        contract.AssertAnswer("get", "/v1/runs/{run_id}", await _evaluator.Http.GetStringAsync("v1/runs/run1", Cancellation));
        contract.AssertAnswer("get", "/v1/runs", await _evaluator.Http.GetStringAsync("v1/runs?page_size=1", Cancellation));
        contract.AssertAnswer("get", "/v1/releases", await _evaluator.Http.GetStringAsync("v1/releases", Cancellation));
        foreach (var line in (await _evaluator.Http.GetStringAsync("v1/answers?run_ids=run1", Cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries))
            contract.AssertAnswer("get", "/v1/answers", line);
    }

    [Theory]
    [InlineData("v1/runs", """{"limt":5}""", "limt", "limit")]
    [InlineData("v1/runs", """{"release":{"nme":"demo"},"model":{"apiID":"x","api_id":"x"}}""", "release.nme model.apiID", "name")]
    [InlineData("v1/runs:plan", """{"start":{"limt":5}}""", "start.limt", "limit")]
    [InlineData("v1/releases:validate", """{"release":{"name":"demo"},"more":[{"deep":1}]}""", "more", "release")]
    public async Task Fields_that_are_not_there_are_refused_by_name(string path, string body, string fields, string known)
    {
        using var response = await PostAsync(HttpMethod.Post, path, body);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal((HttpStatusCode.BadRequest, 3), (response.StatusCode, (int)error["code"]!)); // INVALID_ARGUMENT
        var violations = error["details"]![0]!["fieldViolations"]!.AsArray();
        Assert.Equal(fields.Split(' '), violations.Select(violation => (string)violation!["field"]!));
        Assert.Contains(known, (string)error["message"]!, StringComparison.Ordinal);
        Assert.False((await OpenApiContract.ReadAsync(_evaluator.Http)).Takes("post", "/" + path, body));
    }

    [Fact]
    public async Task Parameters_that_are_not_there_are_refused_by_name()
    {
        using var response = await _evaluator.Http.GetAsync("v1/runs?page_sze=1", Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("page_sze", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _evaluator.Http.GetAsync("v1/runs?pageSize=1", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_change_reaches_its_run_in_either_spelling()
    {
        foreach (var body in (string[])["""{"hidden":true,"addTags":["a"]}""", """{"hidden":true,"add_tags":["b"]}"""])
        {
            using var response = await PostAsync(HttpMethod.Patch, "v1/runs/run1", body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var run = JsonNode.Parse(await _evaluator.Http.GetStringAsync("v1/runs/run1", Cancellation))!["run"]!;
        Assert.Equal(["a", "b"], run["tags"]!.AsArray().Select(tag => (string)tag!));
        using var broken = await PostAsync(HttpMethod.Patch, "v1/runs/run1", "{\"hidden\":");
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(HttpMethod method, string path, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return _evaluator.Http.SendAsync(new HttpRequestMessage(method, path) { Content = content }, Cancellation);
    }
}
