using System.Buffers.Binary;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Conditions;

/// <summary>
/// Grey pictures as PNG: 8-bit grey, every pixel 128. Compressed by hand, because compressors of different machines give different bytes
/// for the same pixels, and a picture of one value needs no more than runs.
/// </summary>
public static class BlankImage
{
    private const byte Grey = 128;
    private const int LongestRun = 258;
    private const uint AdlerModulus = 65521;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>A grey picture.</summary>
    /// <param name="width">Its width in pixels, at least 1.</param>
    /// <param name="height">Its height in pixels, at least 1.</param>
    public static byte[] Encode(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        using var png = new MemoryStream();
        png.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a pixel; grey, deflate, no filter and no interlace are all 0
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(width, height));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var check = new Crc32();
        check.Append(type);
        check.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, check.Value);
        png.Write(number);
    }

    // One deflate block with the fixed codes: in each row the filter's 0, one pixel, and the rest as copies of it.
    private static byte[] Compress(int width, int height)
    {
        var bits = new BitWriter();
        bits.Write(0x78, 8);
        bits.Write(0x01, 8);
        bits.Write(1, 1);
        bits.Write(1, 2);
        for (var row = 0; row < height; row++)
        {
            bits.WriteSymbol(0);
            bits.WriteSymbol(Grey);
            var left = width - 1;
            for (; left >= 3; left -= Math.Min(left, LongestRun)) bits.WriteRun(Math.Min(left, LongestRun));
            for (; left > 0; left--) bits.WriteSymbol(Grey);
        }

        bits.WriteSymbol(256); // the block's end
        return bits.End(Adler(width, height));
    }

    private static uint Adler(int width, int height)
    {
        var (a, b) = (1u, 0u);
        for (var row = 0; row < height; row++)
        {
            b = (b + a) % AdlerModulus; // the filter's 0
            for (var pixel = 0; pixel < width; pixel++)
            {
                a = (a + Grey) % AdlerModulus;
                b = (b + a) % AdlerModulus;
            }
        }

        return (b << 16) | a;
    }

    /// <summary>Bits as deflate wants them: values from their lowest bit, codes from their highest (RFC 1951).</summary>
    private sealed class BitWriter
    {
        private readonly MemoryStream _bytes = new();
        private uint _held;
        private int _count;

        public void Write(uint value, int length)
        {
            _held |= value << _count;
            for (_count += length; _count >= 8; _count -= 8)
            {
                _bytes.WriteByte((byte)_held);
                _held >>= 8;
            }
        }

        /// <summary>A literal or length symbol in its fixed code.</summary>
        public void WriteSymbol(int symbol)
        {
            var (code, length) = symbol switch
            {
                < 144 => (0x30 + symbol, 8),
                < 256 => (0x190 + symbol - 144, 9),
                < 280 => (symbol - 256, 7),
                _ => (0xc0 + symbol - 280, 8),
            };
            WriteCode(code, length);
        }

        /// <summary>3 to 258 copies of the byte before.</summary>
        public void WriteRun(int length)
        {
            var n = length - 3;
            var extra = n < 8 || length == LongestRun ? 0 : int.Log2(n) - 2;
            WriteSymbol(length == LongestRun ? 285 : 257 + (4 * extra) + (n >> extra));
            Write((uint)(n & ((1 << extra) - 1)), extra);
            WriteCode(0, 5); // distance 1
        }

        public byte[] End(uint adler)
        {
            if (_count > 0) _bytes.WriteByte((byte)_held);
            Span<byte> check = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(check, adler);
            _bytes.Write(check);
            return _bytes.ToArray();
        }

        private void WriteCode(int code, int length)
        {
            for (var bit = length - 1; bit >= 0; bit--) Write((uint)(code >> bit) & 1, 1);
        }
    }
}
