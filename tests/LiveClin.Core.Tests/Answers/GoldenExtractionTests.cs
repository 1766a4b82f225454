using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Answers;

public sealed class GoldenExtractionTests
{
    [Theory]
    [InlineData(GoldenSet.OwnDemo, "extraction.jsonl", 1076)]
    [InlineData(GoldenSet.OwnDemo, "extraction-unicode.jsonl", 144)]
    [PublishedDemoData("extraction.jsonl", 400)]
    [PublishedDemoData("extraction-unicode.jsonl", 120)]
    public void Recorded_letters_are_found_under_both_protocols(GoldenSet set, string file, int count)
    {
        var lines = File.ReadAllLines(set.Recording(file));
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line =>
        {
            using var vector = JsonDocument.Parse(line);
            var reply = vector.RootElement.GetProperty("response").GetString()!;
            Assert.Equal(vector.RootElement.GetProperty("core").GetString(),
                AnswerExtractor.Extract(reply, ExtractionProtocol.Core).Letter);
            Assert.Equal(vector.RootElement.GetProperty("v1").GetString(), AnswerExtractor.Extract(reply, ExtractionProtocol.V1).Letter);
        });
    }
}
