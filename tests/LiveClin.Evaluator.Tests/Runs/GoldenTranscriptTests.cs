using System.Security.Cryptography;
using System.Text.Json;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>The requests of the published tools, recorded, against ours.</summary>
public sealed class GoldenTranscriptTests
{
    private sealed record Turn(string Case, int Index, string Prompt, string[] Images, int Messages, string Response, string? Letter,
        bool Correct);

    [Theory]
    [InlineData(GoldenSet.OwnDemo, "mock-a", 80)]
    [InlineData(GoldenSet.OwnDemo, "mock-b", 80)]
    [InlineData(GoldenSet.OwnDemo, "mock-c", 80)]
    [PublishedDemoData("mock-a", 46)]
    public async Task Every_request_of_the_published_tools_is_sent_with_the_same_contents(GoldenSet set, string model, int questions)
    {
        var golden = ReadTranscript(set.Recording($"transcript-{model}.jsonl"));
        Assert.Equal(questions, golden.Count);
        var byPrompt = golden.ToDictionary(turn => turn.Prompt);
        await using var server = await FakeModelServer.StartAsync(call => byPrompt[call.LastText].Response);
        await using var evaluator = new EvaluatorHarness();

        var (run, answers) = await evaluator.RunAsync(EvaluatorHarness.Request(server, ReleaseOf(set)));

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(golden.Count, server.Calls.Count);
        foreach (var call in server.Calls)
        {
            var turn = byPrompt[call.LastText];
            Assert.Equal(turn.Messages, call.Messages.Count);
            Assert.Equal(turn.Images, ImagesOf(call.Messages[^1]));
            Assert.Equal(1, call.Json.GetProperty("n").GetInt32());
            Assert.Equal("user", call.Messages[^1].GetProperty("role").GetString());
        }

        var cases = evaluator.Store.GetCases(run.Specification.ReleaseSha256).ToDictionary(@case => @case.Ordinal, @case => @case.FileName);
        Assert.Equal(
            golden.Select(turn => (turn.Case, turn.Index, turn.Letter, turn.Correct, (string?)turn.Response)).Order(),
            answers.Select(answer => (cases[answer.CaseOrdinal], answer.QuestionIndex, answer.Letter, answer.IsCorrect, answer.Reply))
                .Order());
    }

    [Theory]
    [InlineData(GoldenSet.OwnDemo)]
    [PublishedDemoData]
    public async Task Each_turns_request_begins_with_the_bytes_of_the_one_before(GoldenSet set)
    {
        await using var server = await FakeModelServer.StartAsync(_ => " \\boxed{A}\n ");
        await using var evaluator = new EvaluatorHarness();
        await evaluator.RunAsync(EvaluatorHarness.Request(server, ReleaseOf(set)));

        foreach (var conversation in server.Calls.GroupBy(call => call.Messages[0].GetRawText()))
        {
            var turns = conversation.OrderBy(call => call.Messages.Count).ToList();
            for (var i = 1; i < turns.Count; i++)
            {
                Assert.True(turns[i].Body.AsSpan().StartsWith(turns[i - 1].Body.AsSpan()[..^"]}".Length]));
                Assert.Equal("\\boxed{A}", turns[i].Messages[^2].GetProperty("content").GetString());
            }
        }
    }

    private static string[] ImagesOf(JsonElement message) =>
        [.. message.GetProperty("content").EnumerateArray().Skip(1).Select(part =>
        {
            Assert.Equal("image_url", part.GetProperty("type").GetString());
            var uri = part.GetProperty("image_url").GetProperty("url").GetString()!;
            var comma = uri.IndexOf(',', StringComparison.Ordinal);
            return $"{uri[..comma]};sha256={Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(uri[(comma + 1)..])))}";
        })];

    private static ReleaseRequest ReleaseOf(GoldenSet set) => new(JsonlPath: set.Jsonl(), ImageRoot: set.Images());

    private static List<Turn> ReadTranscript(string path) =>
        [.. File.ReadLines(path).Select(line =>
        {
            var turn = JsonDocument.Parse(line).RootElement;
            return new Turn(
                turn.GetProperty("case_file").GetString()!, turn.GetProperty("mcq_index").GetInt32(),
                turn.GetProperty("prompt").GetString()!,
                [.. turn.GetProperty("images").EnumerateArray().Select(image => image.GetString()!)],
                turn.GetProperty("messages_in_request").GetInt32(),
                turn.GetProperty("response").GetString()!, turn.GetProperty("extracted_answer").GetString(),
                turn.GetProperty("is_correct").GetBoolean());
        })];
}
