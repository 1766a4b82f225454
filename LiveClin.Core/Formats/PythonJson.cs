using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;

namespace LiveClin.Core.Formats;

/// <summary>Reads JSON with Python's ideas of text, truth and default values.</summary>
internal static class PythonJson
{
    private const int MaxDepth = 512;

    /// <summary>Parses a file whose top level is an object.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">How to call it in messages.</param>
    /// <param name="allowDuplicates">
    /// Of properties with one name the last counts, as in Python; false makes them an error, for files that are to be written back.
    /// </param>
    /// <param name="isText">True to take half of a surrogate pair for U+FFFD: what is kept as text must be some.</param>
    /// <exception cref="ResultFileException">Not readable, not UTF-8, not JSON, or not an object.</exception>
    public static JsonDocument ParseFile(string path, string name, bool allowDuplicates = true, bool isText = false)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ResultFileException(name, "", $"it cannot be read ({error.Message})", error);
        }

        return Parse(isText ? LoneSurrogates.Replaced(bytes) ?? bytes : bytes, name, allowDuplicates);
    }

    /// <summary>
    /// Parses bytes whose top level is an object. NaN and infinities are taken as Python does, unless the file is to be written back.
    /// </summary>
    /// <exception cref="ResultFileException">Not UTF-8, not JSON, or not an object.</exception>
    public static JsonDocument Parse(byte[] bytes, string name, bool allowDuplicates = true)
    {
        if (bytes.Length == 0) throw new ResultFileException(name, "", "the file is empty");
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            throw new ResultFileException(name, "line 1", "it begins with a byte order mark; save it as UTF-8 without one");
        if (bytes.AsSpan().StartsWith("PK\x03\x04"u8))
            throw new ResultFileException(name, "", "it is a zip archive; unpack it, and name what was in it");
        if (!Utf8.IsValid(bytes)) throw new ResultFileException(name, "", "it is not valid UTF-8");
        var options = new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = allowDuplicates };
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, options);
        }
        catch (JsonException) when (allowDuplicates && PythonConstants.AsStrings(bytes) is { } readable)
        {
            return Parse(readable, name, allowDuplicates);
        }
        catch (JsonException error)
        {
            throw new ResultFileException(name, $"line {error.LineNumber + 1}", $"it is not valid JSON ({Reason(error)}); was it cut off?",
                error);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new ResultFileException(name, "line 1", "a JSON object was expected");
    }

    /// <summary>A property of an object; also among names that hold half of a surrogate pair, which .NET's own search fails on.</summary>
    public static bool TryFind(this JsonElement element, string name, out JsonElement value)
    {
        try
        {
            return element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException) when (element.ValueKind == JsonValueKind.Object)
        {
            // As there, of properties with one name the last counts.
            value = element.EnumerateObject().LastOrDefault(property => Name(property) == name).Value;
            return value.ValueKind != JsonValueKind.Undefined;
        }
    }

    /// <summary>A string's text; one that holds a lone surrogate, which Python accepts, is taken as it is.</summary>
    public static string Text(JsonElement value)
    {
        try { return value.GetString()!; }
        catch (InvalidOperationException) { return Unescape(value.GetRawText()); }
    }

    /// <summary>A property's name, likewise.</summary>
    public static string Name(JsonProperty property)
    {
        try { return property.Name; }
        catch (InvalidOperationException) { return Unescape(
            $"\"{Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property))}\""); }
    }

    /// <summary>A string property; null when it is absent or not a string.</summary>
    public static string? TextOf(JsonElement owner, string name) =>
        owner.TryFind(name, out var value) && value.ValueKind == JsonValueKind.String ? Text(value) : null;

    /// <summary>Python's <c>str(x)</c> of a scalar.</summary>
    public static string Str(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Null or JsonValueKind.Undefined => "None",
        JsonValueKind.Number => IsInteger(value.GetRawText()) ? value.GetRawText() : PythonFormat.Repr(value.GetDouble()),
        _ => value.GetRawText(),
    };

    /// <summary>Python's <c>bool(x)</c>.</summary>
    public static bool Truthy(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => value.GetRawText().Length > 2,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };

    /// <summary>An array's items; none when it is absent or null.</summary>
    /// <exception cref="ResultFileException">It is something else.</exception>
    public static IEnumerable<JsonElement> Items(JsonElement owner, string name, string file, string where)
    {
        if (!owner.TryFind(name, out var value) || value.ValueKind == JsonValueKind.Null) return [];
        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw new ResultFileException(file, Join(where, name), $"a list was expected, found {Kind(value)}");
    }

    /// <summary>An object; undefined when it is absent or null.</summary>
    /// <exception cref="ResultFileException">It is something else.</exception>
    public static JsonElement Object(JsonElement owner, string name, string file, string where)
    {
        if (!owner.TryFind(name, out var value) || value.ValueKind == JsonValueKind.Null) return default;
        return Expect(value, JsonValueKind.Object, file, Join(where, name));
    }

    /// <summary>Checks a value's kind.</summary>
    /// <exception cref="ResultFileException">It is another kind.</exception>
    public static JsonElement Expect(JsonElement value, JsonValueKind kind, string file, string where) => value.ValueKind == kind
        ? value
        : throw new ResultFileException(file, where, $"{Describe(kind)} was expected, found {Kind(value)}");

    private static string Join(string where, string name) => where.Length == 0 ? name : $"{where}.{name}";

    private static string Kind(JsonElement value) => Describe(value.ValueKind);

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    private static string Reason(JsonException error) => error.Message.Split(" LineNumber:")[0].TrimEnd('.');

    private static bool IsInteger(string number) => number.AsSpan().IndexOfAny(".eE") < 0;

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            var escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(escape switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => escape });
            }
        }

        return text.ToString();
    }
}
