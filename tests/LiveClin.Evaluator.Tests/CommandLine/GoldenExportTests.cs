using System.Text.Json.Nodes;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>What <c>evaluate</c> writes of the recorded runs, against what the published tools wrote.</summary>
public sealed class GoldenExportTests : IDisposable
{
    private static readonly string[] Models = ["mock-a", "mock-b", "mock-c"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(GoldenSet.OwnDemo)]
    [PublishedDemoData]
    public async Task The_case_files_of_three_runs_are_the_recorded_ones_byte_for_byte(GoldenSet set)
    {
        await EvaluateAsync(set);
        var recorded = Directory.GetFiles(set.Recording("evaluated"));
        Assert.Equal(recorded.Select(Path.GetFileName).Order(), Directory.GetFiles(_folder["core"]).Select(Path.GetFileName).Order());
        Assert.All(recorded,
            path => Assert.Equal(File.ReadAllText(path), File.ReadAllText(Path.Combine(_folder["core"], Path.GetFileName(path)))));
    }

    [Theory]
    [InlineData(GoldenSet.OwnDemo, "mock-a", "mock-b", "mock-c")]
    [PublishedDemoData("mock-a")]
    public async Task The_v1_files_hold_the_recorded_cases_and_summaries(GoldenSet set, params string[] recorded)
    {
        await EvaluateAsync(set);
        foreach (var model in recorded)
        {
            var (was, now) = (Read(set.Recording($"results-v1-{model}.json")), Read(_folder[$"{model}.json"]));
            // The recording has its cases sorted by identifier, and its order of equally frequent groups is not defined.
            Assert.Equal(was["cases"]!.AsArray().Select(Text),
                now["cases"]!.AsArray().OrderBy(@case => (string)@case!["case_id"]!, StringComparer.Ordinal).Select(Text));
            Assert.True(JsonNode.DeepEquals(was["summary"], now["summary"]), $"recorded {was["summary"]}, here {now["summary"]}");
            foreach (var field in (string[])["model", "image_mode", "liveclin_version"])
                Assert.Equal((string)was["meta"]![field]!, (string)now["meta"]![field]!);
        }
    }

    private async Task EvaluateAsync(GoldenSet set)
    {
        var replies = RecordedReplies(set);
        await using var server =
            await FakeModelServer.StartAsync(call => replies[(call.Json.GetProperty("model").GetString()!, call.LastText)]);
        foreach (var model in Models)
        {
            var result = await CommandRunner.RunAsync(
                "evaluate", "--model", model, "--api-base", server.BaseUrl.ToString(), "--jsonl-path", set.Jsonl(), "--image-root",
                set.Images(), "--image-mode", "local",
                "--store", _folder["s.db"], "--output", _folder[$"{model}.json"], "--export-folder", _folder["core"]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }
    }

    private static Dictionary<(string Model, string Prompt), string> RecordedReplies(GoldenSet set) =>
        Directory.GetFiles(set.Recording("evaluated")).SelectMany(path => Read(path)["exam_creation"]!["final_policy"]!["mcqs"]!.AsArray())
            .SelectMany(question => question!["evaluate"]!.AsArray())
            .ToDictionary(entry => ((string)entry!["model_id"]!, (string)entry["input_prompt_to_model"]!),
                entry => (string)entry!["model_raw_response"]!);

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private static string Text(JsonNode? node) => node!.ToJsonString();
}
