using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace LiveClin.Evaluator.Baselines;

/// <summary>
/// SHA-256 of the bytes that a data URI in JSON holds, taken as they arrive. JSON may escape what base64 uses: <c>+</c> as <c>\u002B</c>,
/// <c>/</c> as <c>\/</c>.
/// </summary>
internal sealed class ImageDigest : IDisposable
{
    private const int BlockSize = 16 << 10;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _block = new byte[BlockSize];
    private readonly byte[] _decoded = new byte[BlockSize];
    private int _held;
    private bool _isInData;
    private bool _isBroken;
    private string? _escape; // hexadecimal digits of a \u escape so far

    /// <summary>How an image is called by its bytes.</summary>
    public static string Name(ReadOnlySpan<byte> sha256) => "sha256:" + Convert.ToHexStringLower(sha256);

    /// <summary>The next characters of the URI, without escapes of their own.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        while (_escape is not null && !text.IsEmpty)
        {
            AppendEscapeDigit((char)text[0]);
            text = text[1..];
        }

        if (!_isInData && text.IndexOf((byte)',') is var comma)
        {
            if (comma < 0) return;
            _isInData = true;
            text = text[(comma + 1)..];
        }

        while (!text.IsEmpty && !_isBroken)
        {
            var some = text[..Math.Min(text.Length, BlockSize - _held)];
            some.CopyTo(_block.AsSpan(_held));
            _held += some.Length;
            text = text[some.Length..];
            if (_held == BlockSize) Decode(isLast: false);
        }
    }

    /// <summary>The character after a backslash.</summary>
    public void AppendEscaped(byte character)
    {
        if (character == 'u') _escape = "";
        else Append([character]);
    }

    /// <summary>The name of the image; empty when the URI holds no base64.</summary>
    public string Finish()
    {
        if (_isInData && !_isBroken) Decode(isLast: true);
        return _isInData && !_isBroken ? Name(_hash.GetHashAndReset()) : "";
    }

    public void Dispose() => _hash.Dispose();

    private void AppendEscapeDigit(char digit)
    {
        _escape += digit;
        if (_escape!.Length < 4) return;
        var isCharacter = byte.TryParse(_escape, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character);
        _escape = null;
        if (isCharacter) Append([character]);
        else _isBroken = true;
    }

    private void Decode(bool isLast)
    {
        var status = Base64.DecodeFromUtf8(_block.AsSpan(0, _held), _decoded, out var used, out var written, isLast);
        _isBroken |= status is OperationStatus.InvalidData || (isLast && status is not OperationStatus.Done)
            || (used == 0 && _held == BlockSize);
        _hash.AppendData(_decoded, 0, written);
        _block.AsSpan(used, _held - used).CopyTo(_block);
        _held -= used;
    }
}
