using System.Text.Json;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Cases;

/// <summary>Reads fields of one line and reports what is wrong with them under their path.</summary>
internal sealed class FieldReader(ProblemList problems, int line)
{
    public void Error(string path, string message) => problems.Error(line, path, message);

    public void Warn(string path, string message) => problems.Warn(line, path, message);

    public static string Join(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    /// <summary>A kind of JSON value in words.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };

    /// <summary>A text that must be there.</summary>
    public string Required(JsonElement parent, string name, string path)
    {
        if (!parent.TryGetProperty(name, out var value)) Error(Join(path, name), "is missing");
        else if (value.ValueKind != JsonValueKind.String) Error(Join(path, name), $"must be a string, not {Kind(value)}");
        else
        {
            var text = value.GetString()!;
            if (string.IsNullOrWhiteSpace(text)) Warn(Join(path, name), "is empty");
            return text;
        }

        return "";
    }

    /// <summary>A text on which the prompt depends: absent, null, or a string.</summary>
    public string? Optional(JsonElement parent, string name, string path)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Error(Join(path, name), $"must be a string, not {Kind(value)}");
        return null;
    }

    /// <summary>A text of which nothing depends but descriptions: anything else than text and numbers is left out with a warning.</summary>
    public string? Described(JsonElement parent, string name, string path)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (Printed(value) is { } text) return text;
        Warn(Join(path, name), $"should be a string, not {Kind(value)}; it is ignored");
        return null;
    }

    /// <summary>A text that the published prompt prints whatever it is: null gives Python's <c>None</c>.</summary>
    public string? PrintedAsPublished(JsonElement parent, string name, string path)
    {
        if (!parent.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Null) return "None";
        if (Printed(value) is { } text) return text;
        Error(Join(path, name), $"must be a string, not {Kind(value)}");
        return null;
    }

    /// <summary>A scalar as Python's <c>str</c> prints it, null for lists, objects and null.</summary>
    public static string? Printed(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => Number(value),
        _ => null,
    };

    private static string Number(JsonElement value)
    {
        var raw = value.GetRawText();
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return PythonFormat.Repr(value.GetDouble());
        return raw == "-0" ? "0" : raw;
    }
}
