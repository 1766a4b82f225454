using System.Text.Json.Nodes;
using System.Xml.Linq;
using LiveClin.Core.Answers;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

/// <summary><c>compare</c> as a gate: verdicts, exit codes, files, and names that fit several runs.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "good", "bad")] // nothing asked, nothing failed
    [InlineData(1, "good", "bad", "--fail-if-worse")]
    [InlineData(1, "good", "bad", "--margin", "5")]
    [InlineData(3, "good", "bad", "--fail-if-worse", "--minimum-cases", "13")]
    [InlineData(1, "good", "bad", "--minimum-cases", "12")]
    [InlineData(0, "bad", "good", "--fail-if-worse", "--minimum-cases", "12")]
    [InlineData(0, "good", "same", "--fail-if-worse")]
    [InlineData(3, "good", "same", "--margin", "5")] // twelve equal cases prove no more than 26 points
    [InlineData(0, "good", "same", "--margin", "30")]
    public async Task The_exit_code_is_the_verdict_where_one_was_asked_for(int expected, string baseline, string candidate,
        params string[] options)
    {
        var (code, output, _) = await CompareAsync(baseline, candidate, [.. options, "--junit", _folder["junit.xml"]]);
        Assert.Equal(expected, code);
        var json = JsonNode.Parse((await CompareAsync(baseline, candidate, [.. options, "--json"])).Output)!;
        var verdict = (string)json["verdict"]!;
        Assert.Contains($"Verdict on {candidate}: {verdict}: {json["reason"]}", output, StringComparison.Ordinal);
        if (options.Length > 0) Assert.Equal(verdict switch { "not worse" => 0, "worse" => 1, "inconclusive" => 3, _ => -1 }, code);

        var bytes = await File.ReadAllBytesAsync(_folder["junit.xml"], TestContext.Current.CancellationToken);
        Assert.Equal((byte)'<', bytes[0]); // no byte order mark
        var suite = XDocument.Load(new MemoryStream(bytes)).Root!.Element("testsuite")!;
        var wanted = verdict switch { "worse" => "failure", "inconclusive" => "skipped", _ => null };
        Assert.Equal($"{candidate} is not worse than {baseline}", (string)suite.Element("testcase")!.Attribute("name")!);
        Assert.Equal(wanted is null ? ["system-out"] : [wanted, "system-out"],
            suite.Element("testcase")!.Elements().Select(e => e.Name.LocalName));
        Assert.Equal((wanted == "failure" ? "1" : "0", wanted == "skipped" ? "1" : "0"),
            ((string)suite.Attribute("failures")!, (string)suite.Attribute("skipped")!));
    }

    [Fact]
    public async Task A_model_without_replies_is_an_error_in_the_junit_file()
    {
        Write("good", "A", 12);
        File.WriteAllText(_folder["dead"], """{"meta":{"model":"de\u0001ad\ud800","dataset":"d"},"cases":[{"case_id":"0","mcqs":[{"mcq_index":0,"correct_answer":"A","is_correct":false,"error":"timeout"}]}]}""");
        var (code, _, error) = await StatsCommands.RunAsync("compare", "--results", _folder["good"], _folder["dead"], "--baseline", "good",
            "--candidate", "de\u0001ad\ud800", "--junit", _folder["j.xml"]);
        Assert.True(code == 2, error);
        Assert.NotNull(XDocument.Load(_folder["j.xml"]).Descendants("error").Single());
    }

    [Theory]
    [InlineData("--margin", "0")]
    [InlineData("--margin", "101")]
    [InlineData("--margin", "x")]
    [InlineData("--minimum-cases", "0")]
    [InlineData("--flips", "flips.pdf")]
    public async Task A_wrong_option_is_named(string option, string value)
    {
        var (code, _, error) = await CompareAsync("good", "bad", [option, value]);
        Assert.Equal(2, code);
        Assert.Contains($"{option} {value}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_fits_several_results_is_no_choice()
    {
        Write("one", "A", 12, "m");
        Write("two", "B", 12, "m");
        string[] files = ["--results", _folder["one"], _folder["two"]];
        var (code, _, error) = await StatsCommands.RunAsync(["compare", .. files, "--baseline", "m", "--candidate", "m"]);
        Assert.Equal(2, code);
        Assert.Contains("'m' fits 2 results: 'm (1)', 'm (2)'", error, StringComparison.Ordinal);
        Assert.Contains("m against m (2) on 12 shared cases",
            (await StatsCommands.RunAsync(["compare", .. files, "--baseline", "m (1)", "--candidate", "m (2)"])).Output,
            StringComparison.Ordinal);
        var same = await StatsCommands.RunAsync(["compare", .. files, "--baseline", "m (2)", "--candidate", "m (2)"]);
        Assert.Equal(2, same.Code);
        Assert.Contains("mean the same results. Name two different ones.", same.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_of_one_model_are_compared_by_their_identifiers()
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("old", "m"), Answers(Outcome.Correct)),
            (SampleRuns.Run("new", "m"), Answers(Outcome.Wrong)));
        string[] compare = ["compare", "--store", _folder["s.db"], "--baseline"];
        var byName = await StatsCommands.RunAsync([.. compare, "m", "--candidate", "m"]);
        Assert.Equal(2, byName.Code);
        Assert.Contains("mean the same results, run new. These runs have that name: new, old; name two of them.", byName.Error,
            StringComparison.Ordinal);
        var byRun = await StatsCommands.RunAsync([.. compare, "old", "--candidate", "m"]);
        Assert.Equal(0, byRun.Code);
        Assert.Contains("questions  5/5 (100.0 %) against 0/5 (0.0 %)", byRun.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await StatsCommands.RunAsync([.. compare, "old", "--candidate", "old"])).Code);
        Assert.Contains("there is no model or run 'nobody'; there are: m.",
            (await StatsCommands.RunAsync([.. compare, "old", "--candidate", "nobody"])).Error, StringComparison.Ordinal);
    }

    private static Core.Results.Answer[] Answers(Outcome outcome) =>
        [.. SampleRuns.Release.Cases.SelectMany(c => c.Questions.Select(q => SampleRuns.Answer(c.Ordinal, q.Index, outcome)))];

    private Task<StatsResult> CompareAsync(string baseline, string candidate, string[] options)
    {
        Write("good", "A", 12);
        Write("same", "A", 12);
        Write("bad", "B", 12);
        return StatsCommands.RunAsync(["compare", "--results", _folder["good"], _folder["same"], _folder["bad"], "--baseline", baseline,
            "--candidate", candidate, .. options]);
    }

    private void Write(string file, string letter, int cases, string? model = null)
    {
        var list = Enumerable.Range(0, cases).Select(i =>
            $$"""{"case_id":"{{i}}","rarity":1,"mcqs":[{"mcq_index":0,"correct_answer":"A","extracted_answer":"{{letter}}","is_correct":{{(letter == "A" ? "true" : "false")}},"model_response":"x"}]}""");
        File.WriteAllText(_folder[file], $$"""{"meta":{"model":"{{model ?? file}}","dataset":"d"},"cases":[{{string.Join(',', list)}}]}""");
    }
}
