using System.Text.Json;
using LiveClin.Core.Statistics;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Statistics;

public sealed class GoldenLabelsTests
{
    [Theory]
    [InlineData(GoldenSet.OwnDemo)]
    [PublishedDemoData]
    public void The_recorded_labels_are_found(GoldenSet set)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(set.Recording("labels.json")));
        AssertLabels("stages", stage => [Labels.Stage(stage)]);
        AssertLabels("image_types", type => Labels.ImageModalities(type));
        AssertLabels("table_types", type => Labels.TableModalities(type));

        void AssertLabels(string part, Func<string, IEnumerable<string>> label)
        {
            var vectors = document.RootElement.GetProperty(part).EnumerateObject().ToList();
            Assert.NotEmpty(vectors);
            Assert.All(vectors, vector => Assert.Equal(Recorded(vector.Value).Order(), label(vector.Name).Order()));
        }
    }

    private static IEnumerable<string> Recorded(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(v => v.GetString()!) : [value.GetString()!];
}
