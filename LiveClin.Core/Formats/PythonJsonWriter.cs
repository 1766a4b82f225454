using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LiveClin.Core.Formats;

/// <summary>
/// Writes JSON laid out as Python's <c>json.dump(…, indent=2, ensure_ascii=False)</c>, so that a file that the published tools wrote
/// comes back byte for byte where its content did not change. Numbers copied from another file keep their text.
/// </summary>
public sealed class PythonJsonWriter : IDisposable
{
    private readonly StreamWriter _out;
    private int _depth;
    private bool _first = true;
    private bool _afterName;

    /// <summary>Creates a writer on a stream, which stays open.</summary>
    public PythonJsonWriter(Stream stream) => _out = new StreamWriter(stream, new UTF8Encoding(false), 1 << 14, leaveOpen: true);

    /// <summary>Begins an object.</summary>
    public PythonJsonWriter BeginObject() => Begin('{');

    /// <summary>Ends an object.</summary>
    public PythonJsonWriter EndObject() => End('}');

    /// <summary>Begins an array.</summary>
    public PythonJsonWriter BeginArray() => Begin('[');

    /// <summary>Ends an array.</summary>
    public PythonJsonWriter EndArray() => End(']');

    /// <summary>Writes a property's name; its value follows.</summary>
    public PythonJsonWriter Name(string name)
    {
        Separate();
        Quote(name);
        _out.Write(": ");
        _afterName = true;
        return this;
    }

    /// <summary>Writes a string or null.</summary>
    public PythonJsonWriter Value(string? value)
    {
        Separate();
        if (value is null) _out.Write("null");
        else Quote(value);
        return this;
    }

    /// <summary>Writes an integer.</summary>
    public PythonJsonWriter Value(long value) => Literal(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a float.</summary>
    public PythonJsonWriter Value(double value) => Literal(PythonFormat.Repr(value));

    /// <summary>Writes true or false.</summary>
    public PythonJsonWriter Value(bool value) => Literal(value ? "true" : "false");

    /// <summary>Writes an array of strings.</summary>
    public PythonJsonWriter Value(IEnumerable<string> values)
    {
        BeginArray();
        foreach (var value in values) Value(value);
        return EndArray();
    }

    /// <summary>Copies a value from another document.</summary>
    public PythonJsonWriter Value(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                BeginObject();
                foreach (var property in value.EnumerateObject()) Name(PythonJson.Name(property)).Value(property.Value);
                return EndObject();
            case JsonValueKind.Array:
                BeginArray();
                foreach (var item in value.EnumerateArray()) Value(item);
                return EndArray();
            case JsonValueKind.String:
                return Value(PythonJson.Text(value));
            case JsonValueKind.Undefined:
                return Literal("null");
            default:
                return Literal(value.GetRawText());
        }
    }

    /// <summary>Flushes what was written to the stream.</summary>
    public void Dispose() => _out.Dispose();

    private PythonJsonWriter Literal(string text)
    {
        Separate();
        _out.Write(text);
        return this;
    }

    private PythonJsonWriter Begin(char bracket)
    {
        Separate();
        _out.Write(bracket);
        _depth++;
        _first = true;
        return this;
    }

    private PythonJsonWriter End(char bracket)
    {
        _depth--;
        if (!_first) NewLine();
        _out.Write(bracket);
        _first = false;
        return this;
    }

    private void Separate()
    {
        if (_afterName)
        {
            _afterName = false;
            return;
        }

        if (_depth == 0) return;
        if (!_first) _out.Write(',');
        _first = false;
        NewLine();
    }

    private void NewLine()
    {
        _out.Write('\n');
        for (var i = 0; i < _depth; i++) _out.Write("  ");
    }

    private void Quote(string text)
    {
        _out.Write('"');
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            // A lone surrogate has no UTF-8 form; escaped, it survives.
            if (c >= ' ' && c != '"' && c != '\\' && !char.IsSurrogate(c)) continue;
            _out.Write(text.AsSpan(written, i - written));
            written = i + 1;
            _out.Write(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        _out.Write(text.AsSpan(written));
        _out.Write('"');
    }
}
