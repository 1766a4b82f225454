using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Demo;

/// <summary>The demo release read without the program's own reader, so that its promises are checked independently.</summary>
internal static class DemoRelease
{
    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "data", "demo");

    public static string Images { get; } = Path.Combine(Folder, "images");

    public static string Generator { get; } = Path.Combine(SharedData.RepositoryRoot, "data", "generator");

    public static IReadOnlyList<DemoCase> Cases { get; } =
        [.. File.ReadLines(Path.Combine(Folder, "demo.jsonl")).Select(line => JsonSerializer.Deserialize<DemoCase>(line)!)];

    public static IEnumerable<DemoQuestion> Questions => Cases.SelectMany(c => c.Policy.Questions);

    public static IEnumerable<DemoFigure> Figures => Cases.SelectMany(c => c.Policy.AllFigures);

    public static IEnumerable<DemoTable> Tables => Cases.SelectMany(c => c.Policy.AllTables);
}

internal sealed record DemoCase(
    [property: JsonPropertyName("pmc")] string Pmc,
    [property: JsonPropertyName("doi")] string Doi,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("Level1")] string Chapter,
    [property: JsonPropertyName("Level2")] string Subcategory,
    [property: JsonPropertyName("Level2_Detail")] string Detail,
    [property: JsonPropertyName("ICD-10")] string Icd10,
    [property: JsonPropertyName("Rarity")] int Rarity,
    [property: JsonPropertyName("exam_creation")] DemoExam Exam)
{
    public DemoPolicy Policy => Exam.Policy;
}

internal sealed record DemoExam([property: JsonPropertyName("final_policy")] DemoPolicy Policy);

internal sealed record DemoPolicy(
    [property: JsonPropertyName("scenario")] string Scenario,
    [property: JsonPropertyName("mcqs")] IReadOnlyList<DemoQuestion> Questions,
    [property: JsonPropertyName("scenario_image_details")] IReadOnlyList<DemoFigure> Figures,
    [property: JsonPropertyName("scenario_table_details")] IReadOnlyList<DemoTable> Tables)
{
    public IEnumerable<DemoFigure> AllFigures => Figures.Concat(Questions.SelectMany(q => q.Figures ?? []));

    public IEnumerable<DemoTable> AllTables => Tables.Concat(Questions.SelectMany(q => q.Tables ?? []));

    public string AllText => Scenario + "\n" + string.Join("\n", Questions.Select(q => q.Text));
}

internal sealed record DemoQuestion(
    [property: JsonPropertyName("stage")] string Stage,
    [property: JsonPropertyName("question")] string Text,
    [property: JsonPropertyName("options")] IReadOnlyDictionary<string, string> Options,
    [property: JsonPropertyName("correct_answer")] string Key,
    [property: JsonPropertyName("image_details")] IReadOnlyList<DemoFigure>? Figures,
    [property: JsonPropertyName("table_details")] IReadOnlyList<DemoTable>? Tables);

internal sealed record DemoFigure(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("caption_prefix")] string CaptionPrefix,
    [property: JsonPropertyName("caption")] string Caption,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type);

internal sealed record DemoTable(
    [property: JsonPropertyName("caption_prefix")] string CaptionPrefix,
    [property: JsonPropertyName("caption")] string Caption,
    [property: JsonPropertyName("content")] string Content,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type);
