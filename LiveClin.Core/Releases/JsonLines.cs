using System.Security.Cryptography;

namespace LiveClin.Core.Releases;

/// <summary>Reads a file line by line as bytes, and hashes all of it on the way.</summary>
internal sealed class JsonLines(Stream stream, int maxLineBytes) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>One-based number of the line read last.</summary>
    public int Number { get; private set; }

    /// <summary>The line read last without its line end; valid until the next read. Empty when it was too long.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>True when the line read last was longer than allowed and was skipped.</summary>
    public bool WasTooLong { get; private set; }

    /// <summary>Moves to the next line; false at the end of the file.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        WasTooLong = false;
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0 || (_atEnd && _end > _start))
            {
                length = length < 0 ? _end - _start : searched + length;
                WasTooLong |= length > maxLineBytes;
                Number++;
                Line = WasTooLong ? default : _buffer.AsMemory(_start, length);
                _start = Math.Min(_start + length + 1, _end);
                return true;
            }

            if (_atEnd)
            {
                if (!WasTooLong) return false;
                Number++;
                Line = default;
                return true;
            }

            searched = _end - _start;
            if (searched > maxLineBytes)
            {
                WasTooLong = true;
                _start = _end = searched = 0;
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <summary>SHA-256 of the whole file, lower-case hexadecimal; call it after the last line.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _hash.AppendData(_buffer, _end, read);
        _end += read;
        _atEnd = read == 0;
    }
}
