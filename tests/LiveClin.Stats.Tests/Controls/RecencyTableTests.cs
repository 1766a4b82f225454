using LiveClin.Stats.Controls;
using LiveClin.Testing;
using Microsoft.Extensions.Configuration;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>Cut-offs by model and publication dates from the settings.</summary>
public sealed class RecencyTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_with_a_cut_off_has_a_gap_on_dated_cases_and_says_what_it_does_not_prove()
    {
        File.WriteAllText(_folder["dates.csv"], "case,date\n0,2024-03-01\n1,2024-12\n2,2025-02-01\n");
        var table = Table(("LiveClin:PublicationDates", _folder["dates.csv"]), ("LiveClin:Models:0:Name", "m"),
            ("LiveClin:Models:0:TrainingCutoff", "2024-12"));
        var set = SyntheticSets.Counts([2, 2, 2, 2], ("m", [2, 1, 0, 2]), ("other", [1, 1, 1, 1]));
        var gap = table.Find(set, set.Models[0])!;
        Assert.Equal((new DateOnly(2024, 12, 31), 0.75, 0.0, 1), (gap.Cutoff, gap.Before.Mean, gap.After.Mean, gap.Undated));
        Assert.Contains("no proof of contamination", ControlText.Of(gap), StringComparison.Ordinal);
        Assert.Null(table.Find(set, set.Models[1])); // its cut-off is not known
    }

    [Fact]
    public void One_without_the_other_says_nothing_and_what_cannot_be_read_is_named()
    {
        var set = SyntheticSets.Counts([2, 2], ("m", [2, 1]));
        Assert.Null(Table(("LiveClin:Models:0:Name", "m"), ("LiveClin:Models:0:TrainingCutoff", "2024")).Find(set, set.Models[0]));
        var error = Assert.Throws<InvalidDataException>(() =>
            Table(("LiveClin:Models:0:Name", "m"), ("LiveClin:Models:0:TrainingCutoff", "autumn")));
        Assert.Equal("LiveClin:Models:0:TrainingCutoff is 'autumn'; a date such as 2024-10-01 or 2024-10 was expected.", error.Message);
    }

    private static RecencyTable Table(params (string Key, string Value)[] settings) =>
        RecencyTable.From(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value))).Build());
}
