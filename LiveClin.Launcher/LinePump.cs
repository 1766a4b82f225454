using System.Text;

namespace LiveClin.Launcher;

/// <summary>Reads a stream of UTF-8 line by line; a carriage return ends a line too (progress bars), and an endless line is cut.</summary>
internal static class LinePump
{
    public const int MaximumLineLength = 16 * 1024;
    private const int BufferSize = 16 * 1024;

    /// <summary>Reads to the stream's end.</summary>
    public static async Task RunAsync(Stream stream, Action<string> onLine)
    {
        var bytes = new byte[BufferSize];
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var decoder = Encoding.UTF8.GetDecoder();
        var line = new LineBuffer(onLine);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(bytes).ConfigureAwait(false)) > 0)
                line.Add(characters.AsSpan(0, decoder.GetChars(bytes, 0, read, characters, 0)));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone; what was read counts.
        }

        line.End();
    }

    private sealed class LineBuffer(Action<string> onLine)
    {
        private readonly StringBuilder _text = new();
        private long _cut;
        private bool _afterReturn;

        public void Add(ReadOnlySpan<char> characters)
        {
            while (!characters.IsEmpty)
            {
                var end = characters.IndexOfAny('\n', '\r');
                Append(end < 0 ? characters : characters[..end]);
                if (end < 0) return;
                // "\r\n" is one end of line, not a line and an empty one.
                if (!(characters[end] == '\n' && _afterReturn && end == 0)) Flush();
                _afterReturn = characters[end] == '\r';
                characters = characters[(end + 1)..];
            }
        }

        public void End()
        {
            if (_text.Length > 0) Flush();
        }

        private void Append(ReadOnlySpan<char> part)
        {
            if (!part.IsEmpty) _afterReturn = false;
            var room = MaximumLineLength - _text.Length;
            _text.Append(part.Length > room ? part[..room] : part);
            if (part.Length > room) _cut += part.Length - room;
        }

        private void Flush()
        {
            onLine(_cut == 0 ? _text.ToString() : $"{_text} [… {_cut} more characters]");
            _text.Clear();
            _cut = 0;
        }
    }
}
