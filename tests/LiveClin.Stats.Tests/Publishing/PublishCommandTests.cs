using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using LiveClin.Core.Results;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Testing;
using YamlDotNet.RepresentationModel;
using static LiveClin.Testing.SampleRuns;
using Outcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Stats.Tests.Publishing;

/// <summary><c>publish</c>: what public collections of evaluations take.</summary>
public sealed class PublishCommandTests : IAsyncLifetime
{
    private const string Odd = "gpt \"x\": é\n- 漢";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await CreateStoreAsync(
        _folder["s.db"],
        (Run("whole", Odd), [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Correct), Answer(0, 2, Outcome.Correct),
            Answer(1, 0, Outcome.Wrong), Answer(1, 1, Outcome.Unparsed)]),
        (Run("broken", "openai/gpt-y"),
            [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun), Answer(1, 0, Outcome.Correct),
            Answer(1, 1, Outcome.Correct)]),
        (Run("nothing", "z"), [Answer(0, 0, Outcome.Failed)]),
        (Run("floor", "baseline/always-A"), [Answer(0, 0, Outcome.Correct)]));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_eval_ever_files_are_valid_and_say_what_the_page_says()
    {
        var result = await PublishAsync("every-eval-ever", "--organization", "Test");
        Assert.Equal(1, result.Code);
        Assert.Contains("z: no case has a reply to every question", result.Error, StringComparison.Ordinal);
        var files = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(4, files.Length); // two runs, two files each; no floor
        var (aggregateSchema, recordSchema) = (Schema("eval.schema.json"), Schema("instance_level_eval.schema.json"));
        foreach (var file in files.Where(file => file.EndsWith(".json", StringComparison.Ordinal)))
        {
            var aggregate = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
            AssertValid(aggregateSchema, aggregate);
            var samples = Path.Combine(_folder["out"], (string)aggregate["detailed_evaluation_results"]!["file_path"]!);
            Assert.Equal((string)aggregate["detailed_evaluation_results"]!["checksum"]!,
                Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(samples, Cancellation))));
            var records = (await File.ReadAllLinesAsync(samples, Cancellation)).Select(line => JsonNode.Parse(line)!).ToList();
            Assert.Equal((int)aggregate["detailed_evaluation_results"]!["total_rows"]!, records.Count);
            Assert.All(records, record =>
            {
                AssertValid(recordSchema, record);
                Assert.Equal((string)aggregate["evaluation_id"]!, (string)record["evaluation_id"]!);
                Assert.Equal((string)aggregate["evaluation_results"]![0]!["evaluation_result_id"]!,
                    (string)record["evaluation_result_id"]!);
                Assert.Equal((string)aggregate["model_info"]!["id"]!, (string)record["model_id"]!);
            });
            Assert.Equal((double)aggregate["evaluation_results"]![0]!["score_details"]!["score"]!,
                records.Average(record => (double)record["evaluation"]!["score"]!));
        }

        var whole = JsonNode.Parse(await File.ReadAllTextAsync(files[0], Cancellation))!;
        Assert.Equal([0.5, 0.6], whole["evaluation_results"]!.AsArray().Select(each => (double)each!["score_details"]!["score"]!));
        Assert.Equal((Odd, "unknown/gpt__x_____-__"), ((string)whole["model_info"]!["name"]!, (string)whole["model_info"]!["id"]!));
        var broken = JsonNode.Parse(await File.ReadAllTextAsync(files[2], Cancellation))!;
        Assert.Equal("openai/gpt-y", (string)broken["model_info"]!["id"]!);
        var details = broken["evaluation_results"]![0]!["score_details"]!["details"]!;
        // a failure is never a wrong answer
        Assert.Equal(("1", "1", "1"),
            ((string)details["correct"]!, (string)details["total"]!, (string)details["cases_without_every_reply"]!));
    }

    [Fact]
    public async Task A_conversation_has_each_turn_and_where_its_letter_stands()
    {
        var result = await PublishAsync("every-eval-ever", "--runs", "whole", "--model-id", "maker/model");
        Assert.Equal(0, result.Code);
        var samples = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1].Trim();
        Assert.Contains("/data/liveclin/maker/model/", samples, StringComparison.Ordinal);
        var record = JsonNode.Parse((await File.ReadAllLinesAsync(samples, Cancellation))[1])!;
        Assert.Equal(["user Question 0", "assistant \\boxed{B}", "user Question 1", "assistant no letter here"],
            record["messages"]!.AsArray().Select(each => $"{each!["role"]} {each["content"]}"));
        var letter = Assert.Single(record["answer_attribution"]!.AsArray())!;
        Assert.Equal((1, "B", false), ((int)letter["turn_idx"]!, (string)letter["extracted_value"]!, (bool)letter["is_terminal"]!));
        Assert.Equal((200, 10, 210),
            ((int)record["token_usage"]!["input_tokens"]!, (int)record["token_usage"]!["output_tokens"]!,
            (int)record["token_usage"]!["total_tokens"]!));
        Assert.Equal(["A", "A"], record["input"]!["reference"]!.AsArray().Select(key => (string)key!));

        var again = await PublishAsync("every-eval-ever", "--runs", "whole", "--model-id", "maker/model");
        Assert.Equal(result.Output, again.Output); // the same files, not more
    }

    [Fact]
    public async Task Eval_results_are_yaml_of_whole_runs_only()
    {
        var result = await PublishAsync("eval-results", "--runs", "whole", "broken", "--dataset-id", "owner/set", "--source",
            "https://example.org/a b");
        Assert.Equal(1, result.Code);
        Assert.Contains("3 of 5 replies", result.Error, StringComparison.Ordinal);
        var file = Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Trim();
        Assert.Equal(".eval_results", Path.GetFileName(Path.GetDirectoryName(file)));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await File.ReadAllTextAsync(file, Cancellation)));
        var entry = (YamlMappingNode)((YamlSequenceNode)yaml.Documents[0].RootNode)[0];
        Assert.Equal(("owner/set", "sample"), ((string)entry["dataset"]["id"]!, (string)entry["dataset"]["task_id"]!));
        Assert.Equal(("50", "2026-01-02", "https://example.org/a%20b"),
            ((string)entry["value"]!, (string)entry["date"]!, (string)entry["source"]["url"]!));
        Assert.Contains("1 of 2 cases", (string)entry["notes"]!, StringComparison.Ordinal);
        Assert.Contains(Odd, (string)entry["notes"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dataset-id is needed", "eval-results")]
    [InlineData("--model-id names one model", "every-eval-ever", "--model-id", "a/b")]
    [InlineData("must be an http or https address", "eval-results", "--dataset-id", "a/b", "--source", "file:///etc/passwd")]
    public async Task What_is_missing_is_named(string message, string format, params string[] more)
    {
        var result = await PublishAsync(format, more);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<StatsResult> PublishAsync(string format, params string[] more) =>
        StatsCommands.RunAsync(["publish", "--format", format, "--store", _folder["s.db"], "--output", _folder["out"], .. more]);

    private static JsonSchema Schema(string name) =>
        JsonSchema.FromFile(Path.Combine(SharedData.RepositoryRoot, "tests", "schemas", "every_eval_ever", name));

    private static void AssertValid(JsonSchema schema, JsonNode node)
    {
        var result = schema.Evaluate(node.Deserialize<JsonElement>(), new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid,
            string.Join("; ", result.Details?.Where(detail => detail.Errors is not null)
            .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}") ?? []));
    }
}
