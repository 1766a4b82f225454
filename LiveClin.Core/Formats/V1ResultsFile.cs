using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Statistics;

namespace LiveClin.Core.Formats;

/// <summary>Reads and writes the published v1 results file: <c>{"meta": {…}, "summary": {…}, "cases": [{…, "mcqs": [{…}]}]}</c>.</summary>
public static class V1ResultsFile
{
    /// <summary>
    /// The published name of a model's file: <c>&lt;model with / and space as _&gt;_&lt;dataset&gt;.json</c>, other characters that a
    /// file name cannot hold as <c>_</c> too.
    /// </summary>
    public static string FileName(string model, string dataset)
    {
        var name = $"{model}_{dataset}.json".Replace('/', '_').Replace(' ', '_');
        foreach (var c in Path.GetInvalidFileNameChars()) name = name.Replace(c, '_');
        return name;
    }

    /// <summary>True for a file that means to be one, be it broken further in; case files have neither field.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var document = PythonJson.ParseFile(path, path);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryFind("cases", out _)
                && document.RootElement.TryFind("meta", out _);
        }
        catch (ResultFileException)
        {
            return false; // whoever reads it says what is wrong
        }
    }

    /// <summary>Reads a file; its summary is computed anew from the cases.</summary>
    /// <exception cref="ResultFileException">The file is broken.</exception>
    public static V1Results Read(string path)
    {
        using var document = PythonJson.ParseFile(path, path);
        var root = document.RootElement;
        if (!root.TryFind("cases", out _))
            throw new ResultFileException(path, "cases", "it is missing; this is not a v1 results file");
        var meta = PythonJson.Object(root, "meta", path, "");
        if (meta.ValueKind == JsonValueKind.Undefined)
            throw new ResultFileException(path, "meta", "it is missing; this is not a v1 results file");
        return new V1Results
        {
            Meta = new V1Meta
            {
                Model = PythonJson.TextOf(meta, "model")
                    ?? throw new ResultFileException(path, "meta.model", "the model's name is missing"),
                Dataset = PythonJson.TextOf(meta, "dataset") ?? "?",
                ImageMode = PythonJson.TextOf(meta, "image_mode"),
                ApiBase = PythonJson.TextOf(meta, "api_base"),
                StartedAt = PythonJson.TextOf(meta, "started_at"),
                FinishedAt = PythonJson.TextOf(meta, "finished_at"),
                LiveClinVersion = PythonJson.TextOf(meta, "liveclin_version"),
            },
            Cases = [.. PythonJson.Items(root, "cases", path, "").Select((item, index) => ReadCase(item, path, $"cases[{index}]"))],
        };
    }

    /// <summary>Writes a file, summary included; an existing one is replaced as a whole.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public static void Write(string path, V1Results results) => AtomicFile.Write(path, stream =>
    {
        using var json = new PythonJsonWriter(stream);
        json.BeginObject().Name("meta").BeginObject()
            .Name("model").Value(results.Meta.Model)
            .Name("dataset").Value(results.Meta.Dataset)
            .Name("image_mode").Value(results.Meta.ImageMode)
            .Name("api_base").Value(results.Meta.ApiBase)
            .Name("started_at").Value(results.Meta.StartedAt)
            .Name("finished_at").Value(results.Meta.FinishedAt)
            .Name("liveclin_version").Value(results.Meta.LiveClinVersion)
            .EndObject().Name("summary");
        V1SummaryJson.Write(json, results.Summary);
        json.Name("cases").BeginArray();
        foreach (var @case in results.Cases) WriteCase(json, @case);
        json.EndArray().EndObject();
    });

    private static V1Case ReadCase(JsonElement item, string path, string where)
    {
        PythonJson.Expect(item, JsonValueKind.Object, path, where);
        return new V1Case
        {
            CaseId = item.TryFind("case_id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? PythonJson.Str(id) : "",
            Pmc = item.TryFind("pmc", out var pmc) && pmc.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? PythonJson.Str(pmc) : null,
            Doi = PythonJson.TextOf(item, "doi"),
            RarityJson = item.TryFind("rarity", out var rarity) ? rarity.GetRawText() : "\"unknown\"",
            Level1 = PythonJson.TextOf(item, "level1"),
            Level2 = PythonJson.TextOf(item, "level2"),
            StatedCorrect = Integer(item, "correct_mcqs", path, where),
            Mcqs = [.. PythonJson.Items(item, "mcqs", path, where).Select((mcq, index) => ReadMcq(mcq, path, $"{where}.mcqs[{index}]"))],
        };
    }

    private static V1Mcq ReadMcq(JsonElement mcq, string path, string where)
    {
        PythonJson.Expect(mcq, JsonValueKind.Object, path, where);
        return new V1Mcq
        {
            Stage = PythonJson.TextOf(mcq, "stage") ?? "",
            Index = Integer(mcq, "mcq_index", path, where) ?? 0,
            CorrectAnswer = PythonJson.TextOf(mcq, "correct_answer") ?? "",
            ExtractedAnswer = PythonJson.TextOf(mcq, "extracted_answer"),
            IsCorrect = mcq.TryFind("is_correct", out var correct) && PythonJson.Truthy(correct),
            Response = PythonJson.TextOf(mcq, "model_response"),
            Error = mcq.TryFind("error", out var error) && PythonJson.Truthy(error) ? PythonJson.Str(error) : null,
            ImageTypes = Texts(mcq, "image_types", path, where),
            TableTypes = Texts(mcq, "table_types", path, where),
        };
    }

    private static void WriteCase(PythonJsonWriter json, V1Case @case)
    {
        using var rarity = JsonDocument.Parse(@case.RarityJson);
        json.BeginObject()
            .Name("case_id").Value(@case.CaseId)
            .Name("pmc").Value(@case.Pmc)
            .Name("doi").Value(@case.Doi)
            .Name("rarity").Value(rarity.RootElement)
            .Name("level1").Value(@case.Level1 ?? "")
            .Name("level2").Value(@case.Level2 ?? "")
            .Name("total_mcqs").Value(@case.Mcqs.Length)
            .Name("correct_mcqs").Value(@case.CorrectMcqs)
            .Name("mcqs").BeginArray();
        foreach (var mcq in @case.Mcqs)
        {
            json.BeginObject()
                .Name("stage").Value(mcq.Stage)
                .Name("mcq_index").Value(mcq.Index)
                .Name("correct_answer").Value(mcq.CorrectAnswer)
                .Name("extracted_answer").Value(mcq.ExtractedAnswer)
                .Name("is_correct").Value(mcq.IsCorrect)
                .Name("model_response").Value(mcq.Response)
                .Name("error").Value(mcq.Error)
                .Name("image_types").Value(mcq.ImageTypes)
                .Name("table_types").Value(mcq.TableTypes)
                .EndObject();
        }

        json.EndArray().EndObject();
    }

    private static int? Integer(JsonElement owner, string name, string path, string where)
    {
        if (!owner.TryFind(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new ResultFileException(path, $"{where}.{name}", "a whole number was expected");
    }

    private static ImmutableArray<string> Texts(JsonElement owner, string name, string path, string where) =>
        [.. PythonJson.Items(owner, name, path, where)
            .Select(item => PythonJson.Text(PythonJson.Expect(item, JsonValueKind.String, path, $"{where}.{name}")))];
}
