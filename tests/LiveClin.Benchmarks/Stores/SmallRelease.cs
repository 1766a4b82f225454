using System.Globalization;
using System.Text.Json.Nodes;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// A release without figures of as many cases as the published one, four or five questions each: what is measured is the store.
/// </summary>
internal static class SmallRelease
{
    public static string Write(string folder, int cases)
    {
        var path = Path.Combine(folder, "small.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, cases).Select(i => Case(i).ToJsonString()));
        return path;
    }

    private static JsonObject Case(int index) => new()
    {
        ["pmc"] = (9_000_000 + index).ToString(CultureInfo.InvariantCulture),
        ["Level1"] = $"Chapter {index % 16}",
        ["Rarity"] = 1,
        ["exam_creation"] = new JsonObject
        {
            ["final_policy"] = new JsonObject
            {
                ["scenario"] = $"Scenario {index}. " + new string('s', 1500),
                ["mcqs"] = new JsonArray(
                    [.. Enumerable.Range(0, 4 + (index % 3 == 0 ? 0 : 1)).Select(question => Question(index, question))]),
            },
        },
    };

    private static JsonObject Question(int index, int question) => new()
    {
        ["stage"] = "Diagnosis",
        ["question"] = $"Question {question} of case {index}?",
        ["options"] = new JsonObject(
            [.. "ABCDEFGHIJ".Select(letter => KeyValuePair.Create<string, JsonNode?>(letter.ToString(), $"option {letter}"))]),
        ["correct_answer"] = "A",
    };
}
