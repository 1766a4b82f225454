namespace LiveClin.Core.Tests.Demo;

/// <summary>All five stages of care occur, by the published keyword rule in a few words of it.</summary>
public sealed class DemoStageTests
{
    private static readonly (string Stage, string[] Words)[] Rule =
    [
        ("Presentation", ["initial", "present", "assess", "history", "physical exam"]),
        ("Diagnosis", ["diagnos", "interpret", "imaging", "laboratory", "evaluation", "genetic", "workup", "differential", "radiol"]),
        ("Therapy", ["therap", "treatment", "decision", "acute management"]),
        ("Complication", ["complicat", "adverse", "deteriorat"]),
        ("Follow-up", ["follow", "surveil", "discharge", "monitor", "counsel", "long-term"]),
    ];

    [Fact]
    public void Every_stage_of_care_occurs_at_least_eight_times_and_none_is_unclassified()
    {
        var counts = DemoRelease.Questions.CountBy(q => Classify(q.Stage)).ToDictionary();
        Assert.Equal(Rule.Select(r => r.Stage).Order(), counts.Keys.Order());
        Assert.All(counts, stage => Assert.True(stage.Value >= 8, $"{stage.Key} occurs {stage.Value} times"));
    }

    [Fact]
    public void Each_case_goes_on_from_presentation_to_later_stages() => Assert.All(DemoRelease.Cases, c =>
        Assert.True(c.Policy.Questions.Select(q => Classify(q.Stage)).Distinct().Count() >= 3, c.Title));

    private static string Classify(string stage) =>
        Rule.FirstOrDefault(r => r.Words.Any(word => stage.Contains(word, StringComparison.OrdinalIgnoreCase)), ("Other", [])).Stage;
}
