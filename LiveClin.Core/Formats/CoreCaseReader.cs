using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Formats;

/// <summary>
/// Reads a case file of a core folder:
/// <c>{"pmc": …, "Rarity": 1, "exam_creation": {"final_policy": {"scenario": …, "mcqs": [{"stage": …, "evaluate": [{"model_id":
/// …}]}]}}}</c>.
/// </summary>
internal static class CoreCaseReader
{
    /// <exception cref="ResultFileException">The file is broken.</exception>
    public static CoreCaseFile Read(string path)
    {
        var name = Path.GetFileName(path);
        using var document = PythonJson.ParseFile(path, name);
        return Read(document.RootElement, name);
    }

    /// <exception cref="ResultFileException">The text is broken.</exception>
    public static CoreCaseFile Parse(string json, string name)
    {
        using var document = PythonJson.Parse(System.Text.Encoding.UTF8.GetBytes(json), name);
        return Read(document.RootElement, name);
    }

    private static CoreCaseFile Read(JsonElement root, string name)
    {
        var policy = Policy(root, name);
        var known = policy.ValueKind == JsonValueKind.Object;
        return new CoreCaseFile
        {
            FileName = name,
            Pmc = Identifier(root, "pmc"),
            Pmid = Identifier(root, "pmid") ?? Identifier(root, "PMID"),
            Doi = PythonJson.TextOf(root, "doi"),
            Title = PythonJson.TextOf(root, "title"),
            Chapter = PythonJson.TextOf(root, "Level1"),
            Subcategory = PythonJson.TextOf(root, "Level2"),
            Rarity = root.TryFind("Rarity", out var rarity) ? PythonJson.Str(rarity) : "Unknown",
            Scenario = known ? PythonJson.TextOf(policy, "scenario") : null,
            Questions = known ? ReadQuestions(policy, name) : [],
        };
    }

    public static JsonElement Policy(JsonElement root, string name)
    {
        var exam = PythonJson.Object(root, "exam_creation", name, "");
        return exam.ValueKind == JsonValueKind.Undefined ? exam : PythonJson.Object(exam, "final_policy", name, "exam_creation");
    }

    private static ImmutableArray<CoreQuestion> ReadQuestions(JsonElement policy, string name)
    {
        var questions = ImmutableArray.CreateBuilder<CoreQuestion>();
        foreach (var item in PythonJson.Items(policy, "mcqs", name, "exam_creation.final_policy"))
        {
            var where = $"mcqs[{questions.Count}]";
            var mcq = PythonJson.Expect(item, JsonValueKind.Object, name, where);
            var first = questions.Count == 0;
            questions.Add(new CoreQuestion
            {
                Stage = PythonJson.TextOf(mcq, "stage"),
                Text = PythonJson.TextOf(mcq, "question"),
                Options = ReadOptions(mcq),
                CorrectAnswer = PythonJson.TextOf(mcq, "correct_answer"),
                ImageTypes = [.. first ? Types(policy, "scenario_image_details") : [], .. Types(mcq, "image_details")],
                TableTypes = [.. first ? Types(policy, "scenario_table_details") : [], .. Types(mcq, "table_details")],
                Entries = ReadEntries(mcq, name, where),
            });
        }

        return questions.DrainToImmutable();
    }

    private static ImmutableArray<CoreEntry> ReadEntries(JsonElement mcq, string name, string where)
    {
        var entries = ImmutableArray.CreateBuilder<CoreEntry>();
        var index = -1;
        foreach (var item in PythonJson.Items(mcq, "evaluate", name, where))
        {
            index++;
            var entry = PythonJson.Expect(item, JsonValueKind.Object, name, $"{where}.evaluate[{index}]");
            // The published tool passes over entries without a model.
            if (!entry.TryFind("model_id", out var model) || !PythonJson.Truthy(model)) continue;
            entries.Add(new CoreEntry
            {
                ModelId = PythonJson.Str(model),
                Prompt = PythonJson.TextOf(entry, "input_prompt_to_model"),
                Response = entry.TryFind("model_raw_response", out var reply) && reply.ValueKind != JsonValueKind.Null
                    ? PythonJson.Str(reply) : null,
                ExtractedAnswer = PythonJson.TextOf(entry, "extracted_answer"),
                IsCorrect = entry.TryFind("is_correct", out var correct) && PythonJson.Truthy(correct),
                ApiError = PythonJson.TextOf(entry, "api_error"),
                ImagePathsSent = Texts(entry, "image_paths_sent"),
            });
        }

        return entries.DrainToImmutable();
    }

    private static ImmutableArray<Option> ReadOptions(JsonElement mcq) =>
        mcq.TryFind("options", out var options) && options.ValueKind == JsonValueKind.Object
            ? [.. options.EnumerateObject().Select(option => new Option(PythonJson.Name(option), PythonJson.Str(option.Value)))]
            : [];

    private static IEnumerable<string> Types(JsonElement owner, string name) =>
        owner.TryFind(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => PythonJson.TextOf(item, "type"))
                .OfType<string>().Where(type => type.Length > 0)
            : [];

    private static ImmutableArray<string> Texts(JsonElement owner, string name) =>
        owner.TryFind(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(PythonJson.Text)]
            : [];

    private static string? Identifier(JsonElement root, string name) =>
        root.TryFind(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? PythonJson.Str(value) : null;
}
