using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Core.Simulated;
using LiveClin.Evaluator.Tests.CommandLine;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Baselines;

/// <summary>Simulated examinees over HTTP: served, evaluated by the command, refused where they cannot answer.</summary>
public sealed class SimulatedServerTests(RunningExaminees server, RunningBaselines floors) : IClassFixture<RunningExaminees>,
IClassFixture<RunningBaselines>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("simulated/knows-60")]
    [InlineData("simulated/first-guess-60")]
    [InlineData("simulated/forgetful-60")]
    [InlineData("simulated/sighted-60")]
    [InlineData("simulated/knows-13")]
    public async Task An_evaluation_over_http_recovers_the_truth(string name)
    {
        using var folder = new TemporaryFolder();
        var result = await CommandRunner.RunAsync(
            "evaluate", "--model", name, "--api-base", server.ApiBase, "--image-mode", "local", "--jsonl-path", RunningExaminees.Jsonl,
            "--store", folder["s.db"], "--concurrency", "8");
        Assert.True(result.ExitCode == 0, result.Error);
        await using var store = ResultStore.OpenReadOnly(folder["s.db"]);
        var tally = store.Tally(store.ListRuns().Single());
        var truth = Examinee.Find(name)!.TruthOn(ExamPaper.Of(server.Demo.Cases));
        Assert.Equal((truth.CorrectQuestions, truth.CorrectCases), (tally.Outcomes[Core.Answers.Outcome.Correct], tally.CasesCorrect));
    }

    [Fact]
    public async Task Every_kind_is_listed_beside_the_floors_and_any_percentage_is_there()
    {
        var models = await server.Http.GetFromJsonAsync<JsonObject>("v1/models", Cancellation);
        var names = models!["data"]!.AsArray().Select(model => (string)model!["id"]!).ToList();
        Assert.Contains("baseline/always-A", names);
        Assert.All(Examinee.Kinds, kind => Assert.Contains($"simulated/{kind}-60", names));
        Assert.Equal("simulated/knows-61",
            (string)(await server.Http.GetFromJsonAsync<JsonObject>("v1/models/simulated/knows-61", Cancellation))!["id"]!);
        Assert.Contains("KIND one of knows, first-guess", await RefusalAsync(server, "simulated/cheats-60", "x", HttpStatusCode.NotFound),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_release_they_are_refused_with_what_to_do()
    {
        var names = (await floors.Http.GetFromJsonAsync<JsonObject>("v1/models", Cancellation))!["data"]!.AsArray()
            .Select(model => (string)model!["id"]!);
        Assert.DoesNotContain(names, name => name.StartsWith("simulated/", StringComparison.Ordinal));
        Assert.Contains("start the server with --dataset", await RefusalAsync(floors, "simulated/knows-60", "x", HttpStatusCode.NotFound),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_of_another_release_is_an_error_and_no_wrong_answer() =>
        Assert.Contains(RunningExaminees.Jsonl,
            await RefusalAsync(server, "simulated/knows-60", "What is this?", HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task The_command_says_what_is_wrong_with_its_release()
    {
        var result = await CommandRunner.RunAsync("baseline", "--urls", "http://127.0.0.1:0", "--dataset", "no-such-release");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("There is no release 'no-such-release'", result.Error, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(RunningBaselines asked, string model, string text, HttpStatusCode status)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        };
        using var response = await asked.Http.PostAsync("v1/chat/completions", JsonContent.Create(body), Cancellation);
        Assert.Equal(status, response.StatusCode);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]!["message"]!;
    }
}
