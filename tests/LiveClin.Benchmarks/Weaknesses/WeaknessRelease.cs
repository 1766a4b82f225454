using System.Globalization;
using System.Text.Json.Nodes;
using LiveClin.Core.Conditions;

namespace LiveClin.Benchmarks.Weaknesses;

/// <summary>
/// A generated release on which every weakness can show: cases of three to six questions with ten options, a figure of its own on every
/// other question, no two figures alike, and four keys in ten are B (in the published demo 34 of 46 are A), so that a preferred place
/// earns something.
/// </summary>
internal static class WeaknessRelease
{
    private const int Options = 10;

    /// <summary>
    /// Writes the release below a folder and returns the JSONL file's path. The same seed makes the same release on every machine.
    /// </summary>
    public static string Write(string folder, int cases, int seed)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        var random = new Random(seed);
        var path = Path.Combine(folder, "weaknesses.jsonl");
        using var writer = new StreamWriter(path);
        var figures = 0;
        for (var ordinal = 0; ordinal < cases; ordinal++)
            writer.WriteLine(Case(ordinal, random, () => Figure(folder, figures++)).ToJsonString());
        return path;
    }

    private static JsonObject Case(int ordinal, Random random, Func<string> nextFigure) => new()
    {
        ["pmc"] = (70_000_000 + ordinal).ToString(CultureInfo.InvariantCulture),
        ["title"] = $"Generated case {ordinal}",
        ["Level1"] = $"Chapter {(ordinal % 5) + 1}",
        ["exam_creation"] = new JsonObject
        {
            ["final_policy"] = new JsonObject
            {
                ["scenario"] = $"Scenario {ordinal}.",
                ["mcqs"] = new JsonArray(
                    [.. Enumerable.Range(0, random.Next(3, 7)).Select(index => Question(ordinal, index, random, nextFigure))]),
            },
        },
    };

    private static JsonNode Question(int ordinal, int index, Random random, Func<string> nextFigure) => new JsonObject
    {
        ["stage"] = "Diagnosis",
        ["question"] = $"Question {ordinal}.{index}?",
        ["options"] = new JsonObject(Enumerable.Range(0, Options)
            .Select(i => KeyValuePair.Create(Letter(i), (JsonNode?)$"option {ordinal}.{index}.{i}"))),
        ["correct_answer"] = random.Next(10) < 4 ? "B" : Letter(random.Next(Options)),
        ["image_details"] = random.Next(2) == 0
            ? new JsonArray(new JsonObject { ["file"] = nextFigure(), ["caption_prefix"] = "Figure 1", ["type"] = "CT" })
            : new JsonArray(),
    };

    private static string Figure(string folder, int number)
    {
        var name = $"{number}.png";
        // Told apart by their sizes.
        File.WriteAllBytes(Path.Combine(folder, "images", name), BlankImage.Encode(1 + (number % 64), 1 + (number / 64)));
        return name;
    }

    private static string Letter(int place) => ((char)('A' + place)).ToString();
}
