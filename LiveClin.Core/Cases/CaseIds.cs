using System.Text.Json;
using LiveClin.Core.Text;

namespace LiveClin.Core.Cases;

/// <summary>The identifiers that a case carries, as text.</summary>
/// <param name="Pmc">PMC number, trimmed; null when absent or blank.</param>
/// <param name="PmcIsText">True when it is a JSON string: only then the core tool names the file by it.</param>
/// <param name="Pmid">PubMed identifier (<c>pmid</c>, else <c>PMID</c>); null when absent or blank.</param>
/// <param name="PmidIsWhole">True when it is a string or a whole number: only then the core tool names the file by it.</param>
/// <param name="Doi">DOI as written; null when absent or blank.</param>
internal sealed record CaseIds(string? Pmc, bool PmcIsText, string? Pmid, bool PmidIsWhole, string? Doi)
{
    public static CaseIds Read(JsonElement root, FieldReader fields)
    {
        var pmc = Identifier(root, "pmc", fields);
        var pmidName = IsTrue(root, "pmid") || !IsTrue(root, "PMID") ? "pmid" : "PMID";
        var pmid = Identifier(root, pmidName, fields);
        var pmidIsWhole = pmid is not null
            && !(root.GetProperty(pmidName) is { ValueKind: JsonValueKind.Number } n
            && n.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') >= 0);
        return new CaseIds(
            pmc is null ? null : PythonText.Strip(pmc), pmc is not null && root.GetProperty("pmc").ValueKind == JsonValueKind.String,
            pmid, pmidIsWhole, Identifier(root, "doi", fields));
    }

    private static string? Identifier(JsonElement root, string name, FieldReader fields)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null || !IsTrue(root, name)) return null;
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            if (FieldReader.Printed(value) is not { } text || PythonText.IsBlank(text)) return null;
            // Results, pages and files of other programs are named by it. A DOI has slashes, but never a way up.
            if (text.Split('/', '\\').Contains("..")) fields.Error(name, $"is '{text}', which is a path and no identifier");
            return text;
        }

        fields.Error(name, $"must be a string or a number, not {FieldReader.Kind(value)}");
        return null;
    }

    // Python's truth: "", 0, null and false do not count as identifiers.
    private static bool IsTrue(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Number => !value.TryGetDouble(out var number) || number != 0,
        JsonValueKind.Null or JsonValueKind.False => false,
        _ => true,
    };
}
