using LiveClin.Core.Results;
using LiveClin.Stats.ResultSets;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.ResultSets;

/// <summary>Which runs stand on the leaderboard, and what they are called.</summary>
public sealed class RunSelectorTests
{
    [Fact]
    public void A_small_run_does_not_take_over_from_a_complete_one()
    {
        Assert.Equal([("2", "m", false)], Standing(Make("3", isPartial: true), Make("2"), Make("1")));
        Assert.Equal([("3", "m", true)], Standing(Make("3", isPartial: true), Make("2", isPartial: true)));
    }

    [Fact]
    public void Another_setting_is_another_row_with_what_differs_in_its_label()
    {
        var hot = Make("1", parameters: """{"n":1,"temperature":0.7}""");
        var cold = Make("2", parameters: """{"n":1,"temperature":0}""");
        var blind = Make("3", condition: "no-images", parameters: """{"temperature":0.0,"n":1}""");
        var imported = Make("4", source: "results.json", parameters: "{}");
        var other = Make("5", model: "other");
        Assert.Equal(
            [("1", "m · T 0.7", false), ("2", "m · T 0", false), ("4", "m · imported", false), ("5", "other", false)],
            Standing(other, imported, blind, cold, hot));
        Assert.Equal("m · no images · T 0",
            Assert.Single(RunSelector.Select([blind, hot], new RunSelection { Condition = "no-images" }).Runs).Label);
    }

    [Fact]
    public void Conditions_are_not_mixed_unless_runs_are_named()
    {
        RunCandidate[] runs = [Make("4", condition: "no-images"), Make("3", model: "n", condition: "no-images"), Make("2", model: "n"),
            Make("1")];
        Assert.Equal(["1", "2"], Ids(runs));
        Assert.Equal(["3", "4"], Ids(runs, new RunSelection { Condition = "no-images" }));
        Assert.Equal(["1", "4"], Ids(runs, new RunSelection { RunIds = ["1", "4"] }));
        var none = Assert.Throws<RequestException>(() => RunSelector.Select(runs[..2], new RunSelection()));
        Assert.Contains("under 'published'", none.Message.Replace("the condition ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_chooses_before_the_rule_and_the_caller_before_the_person()
    {
        RunCandidate[] runs = [Make("3"), Make("2", isPartial: true, isChosen: true), Make("1", isHidden: true)];
        Assert.Equal(["2"], Ids(runs));
        Assert.Equal(["3"], Ids(runs, new RunSelection { PreferredRunIds = ["3"] }));
        Assert.Equal(["1"], Ids(runs, new RunSelection { PreferredRunIds = ["1"] }));
        Assert.Equal(["3"], Ids([Make("3"), Make("2"), Make("4", isHidden: true)]));
    }

    [Fact]
    public void A_run_without_an_answer_hides_no_other_and_stands_when_it_goes_on()
    {
        Assert.Equal(["1"], Ids([Make("2", done: 0), Make("1")]));
        Assert.Equal(["1"], Ids([Make("2", done: 0, isActive: true, isPartial: true), Make("1", isPartial: true)]));
        Assert.Equal(["1", "2"], Ids([Make("2", done: 0, isActive: true, model: "newcomer"), Make("1")]));
        Assert.Equal(["1"], Ids([Make("2", done: 0, model: "failed"), Make("1")]));
        Assert.Equal(["2"], Ids([Make("2", done: 0, model: "failed")]));
    }

    [Fact]
    public void The_release_with_most_models_comes_first_not_the_one_with_the_last_baseline()
    {
        RunCandidate[] runs =
        [
            Make("9", model: "a", apiId: "baseline/always-A", release: 'c'),
            Make("8", model: "b", apiId: "baseline/always-B", release: 'c'), Make("7", model: "r", apiId: "baseline/random", release: 'c'),
            Make("6", release: 'b'), Make("5", model: "n", release: 'b'), Make("4", release: 'd'),
        ];
        Assert.Equal(["5", "6"], Ids(runs));
        Assert.Equal(["4"], Ids(runs, new RunSelection { Release = new string('d', 64) }));
        Assert.Equal(["7", "8", "9"], Ids(runs[..3]));
    }

    [Fact]
    public void Named_runs_stand_beside_each_other_even_of_one_setting()
    {
        RunCandidate[] runs = [Make("20260102"), Make("20260101"), Make("x", release: 'b')];
        var named = RunSelector.Select(runs, new RunSelection { RunIds = ["20260101", "20260102"] }).Runs;
        Assert.Equal(["m · 20260101", "m · 20260102"], named.Select(run => run.Label));
        Assert.Equal(["x"], Ids(runs, new RunSelection { RunIds = ["x"] }));
        foreach (var ids in (string[][])[["nothing"], ["2026"], ["x", "20260101"]])
            Assert.Throws<RequestException>(() => RunSelector.Select(runs, new RunSelection { RunIds = ids }));
    }

    [Fact]
    public void Models_are_left_out_by_name_or_label()
    {
        RunCandidate[] runs = [Make("2", parameters: """{"temperature":1}"""), Make("1", parameters: """{"temperature":0}"""), Make("0", model: "n")];
        Assert.Equal(["0"], Ids(runs, new RunSelection { IgnoredModels = ["m"] }));
        Assert.Equal(["0", "1"], Ids(runs, new RunSelection { IgnoredModels = ["m · T 1"] }));
        Assert.Throws<RequestException>(() => RunSelector.Select(runs, new RunSelection { IgnoredModels = ["m", "n"] }));
    }

    private static IEnumerable<(string Id, string Label, bool IsPartial)> Standing(params RunCandidate[] newestFirst) =>
        RunSelector.Select(newestFirst, new RunSelection()).Runs.Select(run => (run.Candidate.Run.Id, run.Label, run.Candidate.IsPartial));

    private static IEnumerable<string> Ids(IReadOnlyList<RunCandidate> newestFirst, RunSelection? selection = null) =>
        RunSelector.Select(newestFirst, selection ?? new RunSelection()).Runs.Select(run => run.Candidate.Run.Id);

    private static RunCandidate Make(
        string id, string model = "m", string? apiId = null, string condition = "published", string parameters = "{\"n\":1}",
        string source = "run", char release = 'a',
        int done = 5, bool isPartial = false, bool isActive = false, bool isChosen = false, bool isHidden = false)
    {
        var run = SampleRuns.Run(id, model);
        var specification = run.Specification with
        {
            ApiId = apiId ?? model,
            Condition = condition,
            ParametersJson = parameters,
            ReleaseSha256 = new string(release, 64),
        };
        return new RunCandidate(run with { Specification = specification, Source = source, IsChosen = isChosen, IsHidden = isHidden }, done,
            isPartial, isActive);
    }
}
