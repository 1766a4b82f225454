using LiveClin.Core.Statistics;

namespace LiveClin.Core.Tests.Demo;

/// <summary>
/// Under the published keyword rules the demo release fills every stage and many modalities, so that statistics have something to show.
/// </summary>
public sealed class DemoStageTests
{
    [Fact]
    public void Every_stage_of_care_occurs_often_and_no_question_is_unclassified()
    {
        var counts = DemoRelease.Questions.CountBy(q => Labels.Stage(q.Stage)).ToDictionary();
        Assert.Equal(Labels.Stages.Except([Labels.OtherStage]).Order(), counts.Keys.Order());
        Assert.All(counts, stage => Assert.InRange(stage.Value, 12, 20));
    }

    [Fact]
    public void Each_case_goes_through_three_stages_at_least() => Assert.All(DemoRelease.Cases, c =>
        Assert.True(c.Policy.Questions.Select(q => Labels.Stage(q.Stage)).Distinct().Count() >= 3, c.Title));

    [Fact]
    public void Figures_and_tables_cover_several_modalities_and_tables_are_all_classified()
    {
        var images = DemoRelease.Figures.SelectMany(f => Labels.ImageModalities(f.Type)).ToHashSet();
        Assert.Superset(new HashSet<string> { "X-ray", "CT", "Ultrasound", "Biosignals", "Diagram & Plot" }, images);
        Assert.All(DemoRelease.Figures, f => Assert.NotEmpty(Labels.ImageModalities(f.Type)));
        var tables = DemoRelease.Tables.SelectMany(t => Labels.TableModalities(t.Type)).ToHashSet();
        Assert.Superset(new HashSet<string> { "Lab Results", "Medications", "Demographics", "Monitoring" }, tables);
        Assert.All(DemoRelease.Tables, t => Assert.NotEmpty(Labels.TableModalities(t.Type)));
    }
}
