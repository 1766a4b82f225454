using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Flips;

public sealed class FlipReportTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script> ```` # \u202e **x** \\boxed{B}";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("md")]
    [InlineData("html")]
    public async Task Every_question_that_changes_side_has_both_replies_from_a_store(string format)
    {
        await SampleRuns.CreateStoreAsync(
            _folder["s.db"],
            (SampleRuns.Run("1", "one"),
                [SampleRuns.Answer(0, 0, Outcome.Correct, "mine \\boxed{A}"), SampleRuns.Answer(0, 1, Outcome.Correct),
                SampleRuns.Answer(0, 2, Outcome.Correct), SampleRuns.Answer(1, 0, Outcome.Failed)]),
            (SampleRuns.Run("2", "two"),
                [SampleRuns.Answer(0, 0, Outcome.Wrong, Hostile), SampleRuns.Answer(0, 1, Outcome.Correct),
                SampleRuns.Answer(0, 2, Outcome.Correct), SampleRuns.Answer(1, 0, Outcome.Correct)]));
        var report = await WriteAsync(format, "--store", _folder["s.db"], "one", "two");
        Assert.Contains("2 of 5 questions on 2 shared cases: 1 right with one only, 1 with two only.", report, StringComparison.Ordinal);
        Assert.Contains("Case 1000, question 1", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Case 1000, question 2", report, StringComparison.Ordinal);
        foreach (var text in new[] { "mine \\boxed{A}", "Question 0\nA. one\nB. two", "the whole case changes side",
            "(no reply: http_500)" }) Assert.Contains(text, report, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', report);
        if (format == "html") Assert.DoesNotContain("<script", report, StringComparison.OrdinalIgnoreCase);
        // The fence is longer than what the reply could close it with.
        else Assert.Contains("\n`````text\n<script>alert(1)</script> ```` # U+202E **x** \\boxed{B}\n`````\n", report,
            StringComparison.Ordinal);
    }

    // Held against the recorded files themselves, read as plain JSON.
    [Fact]
    public async Task The_flips_of_the_recorded_runs_are_those_of_the_recorded_files()
    {
        var questions = Directory.GetFiles(GoldenSet.OwnDemo.Recording("evaluated"))
            .SelectMany(path => JsonNode.Parse(File.ReadAllText(path))!["exam_creation"]!["final_policy"]!["mcqs"]!.AsArray())
            .Select(question => question!["evaluate"]!.AsArray().Where(entry => (string)entry!["model_id"]! is "mock-a" or "mock-b")
                .Select(entry => entry!).ToList())
            .Where(entries => (bool)entries[0]["is_correct"]! != (bool)entries[1]["is_correct"]!).ToList();
        Assert.NotEmpty(questions);
        foreach (var source in new string[][] { ["--folder", GoldenSet.OwnDemo.Recording("evaluated")],
            ["--results", GoldenSet.OwnDemo.Recording("results-v1-mock-a.json"), GoldenSet.OwnDemo.Recording("results-v1-mock-b.json")] })
        {
            var report = await WriteAsync("md", [.. source, "mock-a", "mock-b"]);
            Assert.Equal(questions.Count, report.Split("\n## Case ").Length - 1);
            foreach (var reply in questions.SelectMany(entries => entries).Select(entry => (string)entry["model_raw_response"]!))
                Assert.Contains($"text\n{reply}\n", report, StringComparison.Ordinal);
        }
    }

    private async Task<string> WriteAsync(string format, params string[] source)
    {
        var path = _folder[$"flips.{format}"];
        var (code, _, error) = await StatsCommands.RunAsync(
            ["compare", .. source[..^2], "--baseline", source[^2], "--candidate", source[^1], "--flips", path]);
        Assert.True(code == 0, error);
        return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
    }
}
