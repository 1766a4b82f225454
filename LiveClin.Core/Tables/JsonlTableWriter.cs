using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiveClin.Core.Tables;

/// <summary>One JSON object per row and line; an absent value is null, so that every line has every column.</summary>
internal sealed class JsonlTableWriter : ITableWriter
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly Stream _stream;
    private readonly JsonEncodedText[] _names;
    private readonly Utf8JsonWriter _json;

    public JsonlTableWriter(Stream stream, IReadOnlyList<(string Name, ColumnKind Kind)> columns)
    {
        _stream = stream;
        _names = [.. columns.Select(column => JsonEncodedText.Encode(column.Name))];
        // Replies are read by people; only what JSON itself demands is escaped.
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public async ValueTask WriteAsync(object?[] values, CancellationToken cancellationToken)
    {
        _json.WriteStartObject();
        for (var i = 0; i < values.Length; i++) Write(_names[i], values[i]);
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(LineEnd, cancellationToken).ConfigureAwait(false);
        _json.Reset(_stream);
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private void Write(JsonEncodedText name, object? value)
    {
        switch (value)
        {
            case null: _json.WriteNull(name); break;
            case string text: _json.WriteString(name, text); break;
            case long number: _json.WriteNumber(name, number); break;
            case double number: _json.WriteNumber(name, number); break;
            case DateTimeOffset time: _json.WriteString(name, TableText.Time(time)); break;
            default: throw new ArgumentOutOfRangeException(nameof(value), value, null);
        }
    }
}
