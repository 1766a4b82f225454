using LiveClin.Core.Formats;
using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Results;

namespace LiveClin.Core.Cases;

/// <summary>
/// Reads cases of which only a part is known, such as those of an imported v1 results file:
/// <c>{"pmc": "115", "exam_creation": {"final_policy": {"mcqs": [{"stage": "…", "correct_answer": "A", "image_details": [{"type":
/// "CT"}]}]}}}</c>.
/// What is not there stays empty.
/// </summary>
internal static class PartialCaseReader
{
    /// <summary>The case, or null when not even its questions are there.</summary>
    public static Case? Read(StoredCase stored)
    {
        using var document = JsonDocument.Parse(stored.Json, new JsonDocumentOptions { MaxDepth = 512 });
        var root = document.RootElement;
        if (!(Find(root, "exam_creation") is { } exam && Find(exam, "final_policy") is { } policy
            && Find(policy, "mcqs") is { ValueKind: JsonValueKind.Array } mcqs
            && mcqs.EnumerateArray().All(mcq => mcq.ValueKind == JsonValueKind.Object)))
            return null;
        return new Case
        {
            Ordinal = stored.Ordinal,
            Line = stored.Line,
            Id = stored.Id,
            FileName = stored.FileName,
            Pmc = Text(root, "pmc"),
            Pmid = Text(root, "pmid") ?? Text(root, "PMID"),
            Doi = Text(root, "doi"),
            Title = Text(root, "title"),
            Chapter = Text(root, "Level1"),
            Subcategory = Text(root, "Level2"),
            Icd10 = Text(root, "ICD-10"),
            Rarity = Text(root, "Rarity"),
            Scenario = Text(policy, "scenario") ?? "",
            Questions = [.. mcqs.EnumerateArray().Select(ReadQuestion)],
            Json = stored.Json,
        };
    }

    private static Question ReadQuestion(JsonElement mcq, int index) => new()
    {
        Index = index,
        Stage = Text(mcq, "stage"),
        Text = Text(mcq, "question") ?? "",
        Options = Find(mcq, "options") is { ValueKind: JsonValueKind.Object } options
            ? [.. options.EnumerateObject().OrderBy(option => option.Name, StringComparer.Ordinal)
                .Select(option => new Option(option.Name, Printed(option.Value) ?? ""))]
            : [],
        Key = (Text(mcq, "correct_answer") ?? "").ToUpperInvariant(),
        Figures = Types(mcq, "image_details", type => new Figure { Type = type }),
        Tables = Types(mcq, "table_details", type => new Table { Type = type }),
    };

    private static ImmutableArray<T> Types<T>(JsonElement mcq, string name, Func<string?, T> create) =>
        Find(mcq, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(item => create(Text(item, "type")))] : [];

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryFind(name, out var value) ? value : null;

    private static string? Text(JsonElement parent, string name) => Find(parent, name) is { } value ? Printed(value) : null;

    private static string? Printed(JsonElement value) => FieldReader.Printed(value);
}
