using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

public sealed class ReportAndCompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Golden => GoldenSet.OwnDemo.Recording("evaluated");

    [Fact]
    public async Task A_report_of_a_core_folder_agrees_with_the_published_numbers()
    {
        var (code, output, _) = await Run("report", "--folder", Golden, "--output", _folder["out"]);
        Assert.Equal(0, code);
        Assert.Contains("report.html", output, StringComparison.Ordinal);
        Assert.Contains("\nmock-a,model,1,0,0,16,0,0,", File.ReadAllText(_folder["out/tables/leaderboard.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_that_cannot_be_told_apart_pass_the_gate_and_a_worse_one_does_not()
    {
        var even = await Run("compare", "--folder", Golden, "--baseline", "mock-a", "--candidate", "mock-b", "--fail-if-worse");
        Assert.Equal(0, even.Code);
        Assert.Contains("mock-b against mock-a on 16 shared cases; candidate: mock-b, baseline: mock-a", even.Output,
            StringComparison.Ordinal);
        Assert.Contains("cannot be told apart", even.Output, StringComparison.Ordinal);

        WriteV1("good", correct: true);
        WriteV1("bad", correct: false);
        Assert.Equal(1, (await Run("compare", "--results", _folder["good"], _folder["bad"], "--baseline", "good", "--candidate", "bad",
            "--fail-if-worse")).Code);
        Assert.Equal(0, (await Run("compare", "--results", _folder["good"], _folder["bad"], "--baseline", "bad", "--candidate", "good",
            "--fail-if-worse")).Code);
        Assert.Equal(0, (await Run("compare", "--results", _folder["good"], _folder["bad"], "--baseline", "good", "--candidate", "bad"))
            .Code);
    }

    [Fact]
    public async Task An_unknown_model_and_a_missing_source_are_named()
    {
        var model = await Run("compare", "--folder", Golden, "--baseline", "mock-a", "--candidate", "mock-x");
        Assert.Equal(2, model.Code);
        Assert.Contains("no model 'mock-x'; there are: mock-a, mock-b, mock-c", model.Error, StringComparison.Ordinal);
        Assert.Contains("exactly one of --store, --folder, --results", (await Run("report", "--output", _folder["x"])).Error,
            StringComparison.Ordinal);
        Assert.Equal(2, (await Run("report", "--folder", Golden, "--output", _folder["x"], "--ignore-models", "mock-a,mock-b,mock-c"))
            .Code);
    }

    [Fact]
    public async Task A_model_without_replies_is_no_worse_model_but_no_comparison()
    {
        WriteV1("good", correct: true);
        File.WriteAllText(_folder["dead"], """{"meta":{"model":"dead","dataset":"d"},"cases":[{"case_id":"0","rarity":1,"mcqs":[{"mcq_index":0,"correct_answer":"A","is_correct":false,"error":"timeout"}]}]}""");
        var gate = await Run("compare", "--results", _folder["good"], _folder["dead"], "--baseline", "good", "--candidate", "dead",
            "--fail-if-worse");
        Assert.Equal(2, gate.Code);
        Assert.Contains("nothing can be said", gate.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_named_before_anything_is_computed()
    {
        File.WriteAllText(_folder["file"], "");
        var report = await Run("report", "--folder", Golden, "--output", _folder["file"]);
        Assert.Equal(2, report.Code);
        Assert.Contains($"--output {_folder["file"]}: no files can be written there", report.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void WriteV1(string model, bool correct)
    {
        var cases = Enumerable.Range(0, 12).Select(i =>
            $$"""{"case_id":"{{i}}","rarity":1,"mcqs":[{"mcq_index":0,"correct_answer":"A","extracted_answer":"{{(correct ? "A" : "B")}}","is_correct":{{(correct ? "true" : "false")}},"model_response":"x"}]}""");
        File.WriteAllText(_folder[model], $$"""{"meta":{"model":"{{model}}","dataset":"d"},"cases":[{{string.Join(',', cases)}}]}""");
    }

    private static Task<StatsResult> Run(params string[] args) => StatsCommands.RunAsync(args);
}
