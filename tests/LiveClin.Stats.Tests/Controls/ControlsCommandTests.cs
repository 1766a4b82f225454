using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>The command over a store: conditions are found by their setting, and what was not run says how to run it.</summary>
public sealed class ControlsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Conditions_of_a_models_setting_stand_beside_its_published_run_and_no_others()
    {
        var published = SampleRuns.Run("p", "gpt");
        var other = SampleRuns.Run("o", "alone");
        RunInfo Under(string id, string condition, string parameters = "{\"n\":1}") => published with
        {
            Id = id, Specification = published.Specification with { Condition = condition, ParametersJson = parameters },
        };
        await using (var store = ResultStore.Open(_folder["s.db"]))
        {
            await store.WriteAsync(write =>
            {
                write.AddRelease(SampleRuns.Release);
                foreach (var run in (RunInfo[])[published, other, Under("s", "shuffled:1"),
                    Under("t", "no-case", "{\"n\":1,\"temperature\":1}")])
                {
                    write.AddRun(run);
                    if (run.Specification.Condition != "published")
                        write.PutRunCases(run.Id, SampleRuns.Release.Cases.Select(clinicalCase => new RunCase(clinicalCase.Ordinal, "h",
                            [.. clinicalCase.Questions.Select(_ => new RunQuestion(true, LetterMap.Lettered(["B", "A"])))])));
                    foreach (var clinicalCase in SampleRuns.Release.Cases)
                        foreach (var question in clinicalCase.Questions)
                            write.PutAnswer(run.Id,
                                SampleRuns.Answer(clinicalCase.Ordinal, question.Index, run.Id == "s" && question.Index == 0
                                ? Outcome.Wrong : Outcome.Correct));
                }
            });
        }

        var result = await StatsCommands.RunAsync("controls", "--store", _folder["s.db"], "--json", _folder["c.json"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("gpt · T default on sample: 2/2 (100.0 %) of the cases", result.Output, StringComparison.Ordinal);
        Assert.Contains("shuffled:1: no difference is shown", result.Output, StringComparison.Ordinal);
        Assert.Contains("5/5 (100.0 %) as published, 3/5 (60.0 %) under it: −40.0 points", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("no-case: ", result.Output, StringComparison.Ordinal); // another temperature is another setting
        Assert.Contains("Not run: no-images, images-missing, no-case, choices-only, shuffled:2, gold-history, single-turn.", result.Output,
            StringComparison.Ordinal);
        Assert.Contains("--controls no-images,images-missing,no-case,choices-only,shuffled:1,shuffled:2,gold-history,single-turn --store",
            result.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(_folder["c.json"], TestContext.Current.CancellationToken))!.AsArray();
        var effect = json.Single(model => (string)model!["run_id"]! == "p")!["effects"]![0]!;
        Assert.Equal(("shuffled:1", 3, 5, 2),
            ((string)effect["condition"]!, (int)effect["questions"]!["count"]!, (int)effect["questions"]!["total"]!, (int)effect["lost"]!));

        var unknown = await StatsCommands.RunAsync("controls", "--store", _folder["s.db"], "--model", "nobody");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("there is no model 'nobody'", unknown.Error, StringComparison.Ordinal);
    }
}
