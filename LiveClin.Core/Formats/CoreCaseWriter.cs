using System.Text.Json;

namespace LiveClin.Core.Formats;

/// <summary>
/// Writes a case file of a core folder: a copy of what is there, with one model's entries put into each question's <c>evaluate</c>.
/// </summary>
internal static class CoreCaseWriter
{
    /// <exception cref="ResultFileException">The entries do not fit this file.</exception>
    public static void Check(JsonElement root, string path, IReadOnlyList<CoreEntry> entries)
    {
        PythonJson.Expect(root, JsonValueKind.Object, path, "line 1");
        var policy = CoreCaseReader.Policy(root, path);
        if (policy.ValueKind != JsonValueKind.Object)
            throw new ResultFileException(path, "exam_creation.final_policy", "it is missing, so there is nowhere to put the answers");
        var questions = 0;
        foreach (var mcq in PythonJson.Items(policy, "mcqs", path, "exam_creation.final_policy"))
        {
            var where = $"mcqs[{questions}]";
            PythonJson.Expect(mcq, JsonValueKind.Object, path, where);
            foreach (var entry in PythonJson.Items(mcq, "evaluate", path, where))
                PythonJson.Expect(entry, JsonValueKind.Object, path, where + ".evaluate");
            questions++;
        }

        if (questions != entries.Count)
            throw new ResultFileException(path, "mcqs",
                $"the file has {questions} questions, the run {entries.Count}; it belongs to another release. Export into another folder");
    }

    public static void Write(PythonJsonWriter writer, JsonElement root, IReadOnlyList<CoreEntry> entries) =>
        Replace(writer, root, "exam_creation",
            exam => Replace(writer, exam, "final_policy", policy => Replace(writer, policy, "mcqs", mcqs =>
        {
            writer.BeginArray();
            var index = 0;
            foreach (var mcq in mcqs.EnumerateArray())
            {
                var entry = entries[index++];
                Replace(writer, mcq, "evaluate", evaluate => WriteEvaluate(writer, evaluate, entry), addIfAbsent: true);
            }

            writer.EndArray();
        })));

    public static void WriteWithoutEntries(Utf8JsonWriter writer, JsonElement value, int level = 0)
    {
        // evaluate stands in the objects of exam_creation.final_policy.mcqs; elsewhere the name means something else.
        string[] path = ["exam_creation", "final_policy", "mcqs"];
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when level <= path.Length:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    if (level == path.Length && property.NameEquals("evaluate")) continue;
                    writer.WritePropertyName(PythonJson.Name(property));
                    if (level < path.Length && property.NameEquals(path[level])) WriteWithoutEntries(writer, property.Value, level + 1);
                    else property.Value.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array when level == path.Length:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) WriteWithoutEntries(writer, item, level);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void Replace(PythonJsonWriter writer, JsonElement owner, string name, Action<JsonElement> write,
        bool addIfAbsent = false)
    {
        writer.BeginObject();
        var found = false;
        foreach (var property in owner.EnumerateObject())
        {
            writer.Name(PythonJson.Name(property));
            if (property.NameEquals(name))
            {
                found = true;
                write(property.Value);
            }
            else
            {
                writer.Value(property.Value);
            }
        }

        if (!found && addIfAbsent)
        {
            writer.Name(name);
            write(default);
        }

        writer.EndObject();
    }

    // As published: the model's earlier entry is taken out and the new one goes to the end.
    private static void WriteEvaluate(PythonJsonWriter writer, JsonElement evaluate, CoreEntry entry)
    {
        writer.BeginArray();
        if (evaluate.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in evaluate.EnumerateArray())
                if (!(item.TryFind("model_id", out var model) && PythonJson.Str(model) == entry.ModelId)) writer.Value(item);
        }

        writer.BeginObject()
            .Name("model_id").Value(entry.ModelId)
            .Name("input_prompt_to_model").Value(entry.Prompt)
            .Name("model_raw_response").Value(entry.Response)
            .Name("extracted_answer").Value(entry.ExtractedAnswer)
            .Name("is_correct").Value(entry.IsCorrect)
            .Name("api_error").Value(entry.ApiError)
            .Name("image_paths_sent").Value(entry.ImagePathsSent)
            .EndObject();
        writer.EndArray();
    }
}
