using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.Stats.Controls;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Stats.Tests.View;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>
/// What a score is made of is computed once: command, pages, contract, report and tables say the same sentences and numbers.
/// </summary>
public sealed class ControlOutputTests : IDisposable
{
    private static readonly Release Release = SampleRuns.ReleaseOf([.. Enumerable.Range(0, 24).Select(i => 3 + (i % 3))]);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_output_holds_the_same_sentences_and_numbers()
    {
        var expected = await FillAsync();
        var sentences = ControlText.Sentences(expected).ToList();
        Assert.Equal(["no-images", "images-missing", "no-case", "choices-only", "shuffled:1", "shuffled:2", "gold-history", "single-turn"],
            expected.Steps.Select(step => step.Condition));
        Assert.Equal([false, true, true], expected.Effects.Select(effect => effect.IsTold)); // shuffled:1, no-images, gold-history
        Assert.True(sentences.Count >= 9, string.Join('\n', sentences));
        Assert.Contains(sentences, sentence => sentence.StartsWith("Mean over 2 epochs", StringComparison.Ordinal));
        Assert.Contains(sentences,
            sentence => sentence.StartsWith("shuffled:1, all questions of its cases: Mean over 2 epochs", StringComparison.Ordinal));
        Assert.Contains(sentences,
            sentence => sentence.StartsWith("Without the 1 question whose key reviewers found wrong: 24/24", StringComparison.Ordinal));

        var command = await StatsCommands.RunAsync("controls", "--store", _folder["s.db"], "--model", "sighted", "--json",
            _folder["c.json"]);
        Assert.Equal(0, command.Code);
        Assert.All(sentences, sentence => Assert.Contains(sentence, command.Output, StringComparison.Ordinal));
        Assert.Contains(expected.MissingCommand!, command.Output, StringComparison.Ordinal);
        Assert.All(JsonNode.Parse(File.ReadAllText(_folder["c.json"]))!.AsArray(), AssertEqual);

        var report = await StatsCommands.RunAsync("report", "--store", _folder["s.db"], "--output", _folder["report"]);
        Assert.Equal(0, report.Code);
        AssertEqual(Assert.Single(JsonNode.Parse(File.ReadAllText(_folder["report/report.json"]))!["controls"]!.AsArray()));
        var html = WebUtility.HtmlDecode(File.ReadAllText(_folder["report/report.html"]));
        var markdown = File.ReadAllText(_folder["report/report.md"]).Replace("\\", "", StringComparison.Ordinal);
        foreach (var text in (string[])[.. sentences, .. expected.NotRun.Select(step => step.Command!)])
        {
            Assert.Contains(text, html, StringComparison.Ordinal);
            Assert.Contains(text.Replace("\\", "", StringComparison.Ordinal), markdown, StringComparison.Ordinal);
        }

        AssertTable(expected, File.ReadAllLines(_folder["report/tables/controls.csv"]));
        Assert.Contains("cases_without_wrong_keys_count", File.ReadLines(_folder["report/tables/leaderboard.csv"]).First(),
            StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["report/tables/controls.tex"]));
        foreach (var plot in (string[])["controls-models", "controls-1"])
            Assert.Equal(3, Directory.GetFiles(_folder["report/plots"], plot + ".*").Length);

        await using var pages = await ViewedSample.StartAsync(_folder["s.db"]);
        var contract = JsonNode.Parse(await pages.Http.GetStringAsync("/v1/controls?models=sighted", Stop))!;
        var message = Assert.Single(contract["models"]!.AsArray())!;
        Assert.Equal(sentences, message["sentences"]!.AsArray().Select(text => (string?)text));
        Assert.Equal(ControlText.CorrectionOfAll, (string?)contract["correction"]);
        foreach (var (step, told) in expected.Steps.Zip(message["steps"]!.AsArray()))
        {
            Assert.Equal((step.Condition, step.Sentence, step.Command ?? ""),
                ((string?)told!["condition"], (string?)told["sentence"], (string?)told["command"] ?? ""));
            Assert.Equal(step.Effect?.QuestionDifference.Difference, (double?)told["effect"]?["questionDifference"]);
            Assert.Equal(step.Effect?.AdjustedQuestionP, (double?)told["effect"]?["adjustedQuestionP"]);
            Assert.Equal(step.Effect?.QuestionInterval.Low, (double?)told["effect"]?["questionInterval"]?["low"]);
            Assert.Equal(step.Effect?.Epochs?.Statement, (string?)told["effect"]?["epochs"]?["statement"]);
        }

        var board = JsonNode.Parse(await pages.Http.GetStringAsync("/v1/leaderboard", Stop))!["rows"]!.AsArray()
            .Single(row => (string?)row!["model"] == "sighted")!;
        Assert.Equal((24, expected.WithoutWrongKeys!.Questions.Total),
            ((int)board["casesWithoutWrongKeys"]!["total"]!, (int)board["questionsWithoutWrongKeys"]!["total"]!));
        Assert.Contains(ControlText.Of(expected.WithoutWrongKeys), WebUtility.HtmlDecode(await PageAsync(pages, "/", "Without wrong keys")),
            StringComparison.Ordinal);

        var page = WebUtility.HtmlDecode(await PageAsync(pages, "/controls/model?name=sighted", "What is left, step by step"));
        Assert.All(sentences.Where(sentence => !sentence.StartsWith("Not run:", StringComparison.Ordinal)), sentence => Assert.Contains(
            sentence.StartsWith("mirage, ", StringComparison.Ordinal) ? sentence["mirage, ".Length..] : sentence, page,
            StringComparison.Ordinal));
        Assert.All(expected.NotRun, step => Assert.Contains(step.Command!, page, StringComparison.Ordinal));
        var all = WebUtility.HtmlDecode(await PageAsync(pages, "/controls", "one family"));
        Assert.All(expected.Effects, effect => Assert.Contains(ControlText.Of(effect), all, StringComparison.Ordinal));
        Assert.Contains(ControlText.CorrectionOfAll, all, StringComparison.Ordinal);
        Assert.Contains("alone, no-images: not run; how to run it", all, StringComparison.Ordinal);
        foreach (var plot in (string[])["/plots/controls.svg?models=sighted", "/plots/controls-models.png",
            "/plots/controls.pdf?theme=dark"])
            Assert.True((await pages.Http.GetByteArrayAsync(plot, Stop)).Length > 1000, plot);

        void AssertEqual(JsonNode? model)
        {
            Assert.Equal((double)model!["questions"]!["mean"]!, expected.Questions.Mean);
            foreach (var (step, told) in expected.Steps.Zip(model["steps"]!.AsArray()))
            {
                Assert.Equal((step.Sentence, step.Command), ((string?)told!["sentence"], (string?)told["command"]));
                Assert.Equal(step.Effect?.QuestionDifferenceInterval.High,
                    (double?)told["effect"]?["question_difference_interval"]?["high"]);
                Assert.Equal(step.Effect?.AdjustedCaseP, (double?)told["effect"]?["adjusted_case_p"]);
            }
        }
    }

    [Fact]
    public async Task A_bundle_of_the_runs_holds_the_same_numbers_and_the_verdicts_and_verifies()
    {
        // Replies of these runs stand in the published order of options, as their letters do.
        var expected = await FillAsync();
        var made = await StatsCommands.RunAsync("bundle", "--store", _folder["s.db"], "--run", "p", "i", "g", "--output", _folder["b.zip"]);
        Assert.Equal((0, ""), (made.Code, made.Error));
        var verified = await StatsCommands.RunAsync("verify-bundle", _folder["b.zip"]);
        Assert.Equal((0, ""), (verified.Code, verified.Error));
        using var zip = await ZipFile.OpenReadAsync(_folder["b.zip"], Stop);
        using var reader = new StreamReader(zip.GetEntry("report/report.json")!.Open());
        var model = Assert.Single(JsonNode.Parse(await reader.ReadToEndAsync(Stop))!["controls"]!.AsArray())!;
        Assert.Equal(
            expected.Effects.Where(effect => effect.Condition != "shuffled:1").Select(effect => (effect.Condition, effect.QuestionP)),
            model["effects"]!.AsArray().Select(effect => ((string)effect!["condition"]!, (double)effect["question_p"]!)));
        Assert.NotNull(model["without_wrong_keys"]);
        Assert.NotNull(zip.GetEntry("report/plots/controls-models.svg"));
    }

    [Fact]
    public async Task Cells_lead_to_the_questions_that_changed_side_and_to_both_conversations()
    {
        await FillAsync();
        await using var pages = await ViewedSample.StartAsync(_folder["s.db"]);
        var list = WebUtility.HtmlDecode(await PageAsync(pages, "/controls/flips?name=sighted&condition=no-images&side=lost",
            "Only questions that the condition changes"));
        // Three cases of four are asked without images, and there the second question is lost.
        Assert.Contains(">18 questions<", list, StringComparison.Ordinal);
        Assert.Contains("case=1001&question=2#chosen", list, StringComparison.Ordinal);
        Assert.DoesNotContain("case=1004&question=2", list, StringComparison.Ordinal); // not asked
        Assert.DoesNotContain("case=1001&question=1", list, StringComparison.Ordinal); // does not change side
        var gained = await PageAsync(pages, "/controls/flips?name=sighted&condition=no-images&side=gained",
            "No changed question changes side here");
        Assert.Contains(">0 questions<", gained, StringComparison.Ordinal);
        var none = await PageAsync(pages, "/controls/flips?name=alone&condition=no-images", "Nothing to compare");
        Assert.Contains("How to run it", none, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<string> PageAsync(ViewedSample pages, string path, string expected)
    {
        var html = "";
        for (var visits = 0; visits < 50 && !html.Contains(expected, StringComparison.Ordinal); visits++)
            html = await pages.Http.GetStringAsync(path, Stop);
        Assert.Contains(expected, html, StringComparison.Ordinal);
        return html;
    }

    private static void AssertTable(ModelControls expected, string[] lines)
    {
        var names = lines[0].Split(',').ToList();
        Assert.Equal(1 + expected.Steps.Length, lines.Length);
        foreach (var (step, line) in expected.Steps.Zip(lines.Skip(1)))
        {
            var cells = line.Split(',');
            Assert.Equal(step.Condition, cells[names.IndexOf("condition")]);
            var difference = cells[names.IndexOf("question_difference")];
            Assert.Equal(step.Effect?.QuestionDifference.Difference, difference.Length == 0
                ? null : double.Parse(difference, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    // Everything right as published; without images three cases of four lose their second question, shuffled only a few do, with the
    // right history every third case loses its last one. The first case is not asked without images.
    private async Task<ModelControls> FillAsync()
    {
        var published = SampleRuns.Run("p", "sighted") with { Target = RunTarget.Of(null, 2) };
        var wrongKey = new Verdict(ReviewTopic.Key, 3, 0, Holds: false, "Roe", DateTimeOffset.UnixEpoch);
        RunInfo Under(string id, string condition) => SampleRuns.Run(id, "sighted") with
        {
            Specification = published.Specification with { Condition = condition }, Target = RunTarget.Of(null, id == "s" ? 2 : 1),
        };

        (RunInfo Run, Func<int, int, bool> IsRight)[] runs =
        [
            (published, (_, _) => true), (Under("i", "no-images"), (ordinal, question) => question != 1 || ordinal % 4 == 0),
            (Under("s", "shuffled:1"), (ordinal, question) => question != 0 || ordinal > 2),
            (Under("g", "gold-history"), (ordinal, question) => question != 2 || ordinal % 2 == 0),
            (SampleRuns.Run("a", "alone"), (_, question) => question == 0),
        ];
        await using (var store = ResultStore.Open(_folder["s.db"]))
        {
            await store.WriteAsync(write =>
            {
                write.AddRelease(Release);
                write.PutVerdict(Release.Sha256, wrongKey);
                foreach (var (run, isRight) in runs)
                {
                    write.AddRun(run);
                    var asked = Release.Cases.Where(clinicalCase => run.Id != "i" || clinicalCase.Ordinal % 4 != 0).ToList();
                    if (run.Specification.Condition != Condition.PublishedName)
                        write.PutRunCases(run.Id, asked.Select(clinicalCase => Asked(clinicalCase, run)));
                    foreach (var clinicalCase in asked)
                    {
                        foreach (var question in clinicalCase.Questions)
                        {
                            var answer = SampleRuns.Answer(clinicalCase.Ordinal, question.Index,
                                isRight(clinicalCase.Ordinal, question.Index) ? Outcome.Correct : Outcome.Wrong);
                            write.PutAnswer(run.Id, answer);
                            if (run.Id is not ("p" or "s")) continue;
                            var again = question.Index == 0 && clinicalCase.Ordinal == 5 ? Outcome.Wrong : Outcome.Correct;
                            write.PutAnswer(run.Id, SampleRuns.Answer(clinicalCase.Ordinal, question.Index, again) with { Epoch = 2 });
                        }
                    }
                }
            });
        }

        await using var read = ResultStore.OpenReadOnly(_folder["s.db"]);
        var set = StoreSource.Load(read, new RunSelection(), Stop);
        return new ControlSource(read, set, RecencyTable.Empty).Of(set.FindModel("sighted")!);
    }

    private static RunCase Asked(Case clinicalCase, RunInfo run) => new(clinicalCase.Ordinal, "h",
        [.. clinicalCase.Questions.Select(question =>
            new RunQuestion(run.Id != "g" || question.Index > 0, run.Id == "s" ? LetterMap.Lettered(["B", "A"]) : LetterMap.Identity))]);
}
