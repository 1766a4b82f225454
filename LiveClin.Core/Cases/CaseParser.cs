using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;

namespace LiveClin.Core.Cases;

/// <summary>
/// Reads one line of a release, for example
/// <c>{"pmc": "115", "Rarity": 2, "exam_creation": {"final_policy": {"scenario": "…", "mcqs": [{"question": "…", "options": {"A": "…"},
/// "correct_answer": "A"}]}}}</c>.
/// What the prompts and scores depend on must be right; what only describes the case is warned about when it is not.
/// </summary>
internal sealed class CaseParser(ProblemList problems)
{
    private const string Policy = "exam_creation.final_policy";

    // As Python's json: the last of several equal keys wins. No comments, no trailing commas.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    private readonly CaseNames _names = new();

    /// <summary>Parses a line, or adds at least one error and returns null.</summary>
    /// <param name="json">The line as UTF-8, without line end.</param>
    /// <param name="line">Its one-based number.</param>
    /// <param name="ordinal">The case's zero-based position.</param>
    public Case? Parse(ReadOnlyMemory<byte> json, int line, int ordinal)
    {
        var before = problems.ErrorCount;
        if (Utf8Text.FirstInvalidByte(json.Span) is { } at)
        {
            problems.Error(line, null, $"is not valid UTF-8 at byte {at + 1} of the line; the file must be saved as UTF-8");
            return null;
        }

        try
        {
            using var document = Parse(ref json, line);
            if (json.Span.IndexOf("\\ud"u8) >= 0 || json.Span.IndexOf("\\uD"u8) >= 0)
                new SurrogateCheck(problems, line).Walk(document.RootElement, "");
            if (problems.ErrorCount > before) return null;
            var fields = new FieldReader(problems, line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Error(line, null, $"is {FieldReader.Kind(document.RootElement)}; each line must be one JSON object");
                return null;
            }

            var parsed = Parse(document.RootElement, fields, Encoding.UTF8.GetString(json.Span), line, ordinal);
            return problems.ErrorCount > before ? null : parsed;
        }
        catch (JsonException e)
        {
            problems.Error(line, null, JsonError(e));
            return null;
        }
    }

    // NaN is no JSON, but Python writes it for a value that is missing in a data frame, and the published tools read it.
    private JsonDocument Parse(ref ReadOnlyMemory<byte> json, int line)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException) when (PythonConstants.AsStrings(json.Span) is { } readable)
        {
            var document = JsonDocument.Parse(readable, Options);
            json = readable;
            problems.Warn(line, null, "holds NaN or Infinity, which are no JSON; they are read as the texts that Python prints for them");
            return document;
        }
    }

    private Case Parse(JsonElement root, FieldReader fields, string json, int line, int ordinal)
    {
        var ids = CaseIds.Read(root, fields);
        var policy = Object(root, "exam_creation", "exam_creation", fields) is { } exam
            ? Object(exam, "final_policy", Policy, fields) : null;
        var content = new BlockReader(fields);
        var names = _names.Name(ids, line, problems);
        return new Case
        {
            Ordinal = ordinal,
            Line = line,
            Id = names.Id,
            FileName = names.FileName,
            Pmc = ids.Pmc,
            Pmid = ids.Pmid,
            Doi = ids.Doi,
            Title = fields.Described(root, "title", ""),
            Chapter = fields.Described(root, "Level1", ""),
            Subcategory = fields.Described(root, "Level2", ""),
            Icd10 = fields.Described(root, "ICD-10", ""),
            Rarity = fields.Described(root, "Rarity", ""),
            Scenario = policy is { } p ? fields.Required(p, "scenario", Policy) : "",
            Figures = policy is { } f ? content.Figures(f, "scenario_image_details", Policy) : [],
            Tables = policy is { } t ? content.Tables(t, "scenario_table_details", Policy) : [],
            Questions = policy is { } q ? Questions(q, fields, content) : [],
            Json = json,
        };
    }

    private static JsonElement? Object(JsonElement parent, string name, string path, FieldReader fields)
    {
        if (!parent.TryGetProperty(name, out var value)) fields.Error(path, "is missing");
        else if (value.ValueKind != JsonValueKind.Object) fields.Error(path, $"must be an object, not {FieldReader.Kind(value)}");
        else return value;
        return null;
    }

    private static ImmutableArray<Question> Questions(JsonElement policy, FieldReader fields, BlockReader content)
    {
        const string Path = Policy + ".mcqs";
        if (!policy.TryGetProperty("mcqs", out var list)) fields.Error(Path, "is missing");
        else if (list.ValueKind != JsonValueKind.Array) fields.Error(Path, $"must be a list, not {FieldReader.Kind(list)}");
        else if (list.GetArrayLength() == 0) fields.Error(Path, "is empty; a case needs at least one question");
        else
        {
            var questions = ImmutableArray.CreateBuilder<Question>(list.GetArrayLength());
            foreach (var item in list.EnumerateArray())
            {
                var path = $"{Path}[{questions.Count}]";
                if (item.ValueKind != JsonValueKind.Object)
                {
                    fields.Error(path, $"must be an object, not {FieldReader.Kind(item)}");
                    continue;
                }

                questions.Add(content.Question(item, questions.Count, path));
            }

            return questions.ToImmutable();
        }

        return [];
    }

    // "'}' is invalid … LineNumber: 0 | BytePositionInLine: 12." becomes a sentence with the position in front.
    private static string JsonError(JsonException e)
    {
        var reason = e.Message;
        foreach (var tail in new[] { " Path: ", " LineNumber: " })
            if (reason.IndexOf(tail, StringComparison.Ordinal) is >= 0 and var cut) reason = reason[..cut];
        return $"is not valid JSON at byte {(e.BytePositionInLine ?? 0) + 1} of the line: {reason}";
    }
}
