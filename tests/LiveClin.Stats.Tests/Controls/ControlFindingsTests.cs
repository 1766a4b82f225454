using LiveClin.Stats.Controls;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>What the controls of several models found, in two sentences.</summary>
public sealed class ControlFindingsTests
{
    [Fact]
    public void The_clearest_condition_of_each_model_stands_with_its_figures_and_those_of_which_nothing_is_told_are_named()
    {
        var lost = Controls("20 lose", lost: 20, noCase: 9);
        var none = Controls("none", lost: 0, noCase: 1);
        Assert.Equal(
            "20 lose gets fewer right under no-images: 20/40 (50.0 %) of the changed questions instead of 40/40 (100.0 %), corrected p < 0.001 "
            + "(told as well: no-case). Of none no condition is told from the published way, which is no proof that none matters.",
            ControlFindings.Of([lost, none]));
        Assert.Equal("Of none no condition is told from the published way, which is no proof that none matters.",
            ControlFindings.Of([none]));
    }

    [Fact]
    public void Without_anything_to_test_nothing_is_said() =>
        Assert.Equal("", ControlFindings.Of([ControlSets.Controls(ControlSets.Make([1, 1], ("published", ["1", "1"])))]));

    private static ModelControls Controls(string name, int lost, int noCase) => ControlSets.Controls(ControlSets.Make(
        [.. Enumerable.Repeat(1, 40)],
        ("published", [.. Enumerable.Repeat("1", 40)]),
        ("no-images", [.. Enumerable.Range(0, 40).Select(i => i < lost ? "0" : "1")]),
        ("no-case", [.. Enumerable.Range(0, 40).Select(i => i < noCase ? "0" : "1")]))) with { Model = name };
}
