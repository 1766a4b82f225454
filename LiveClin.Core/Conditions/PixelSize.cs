using System.Buffers.Binary;

namespace LiveClin.Core.Conditions;

/// <summary>Width and height of a picture, from its file's header.</summary>
/// <param name="Width">Pixels across, as stored.</param>
/// <param name="Height">Pixels down, as stored.</param>
public readonly record struct PixelSize(int Width, int Height)
{
    // A picture of this size is beyond what any model takes; a file that states more is damaged or hostile.
    private const long MostPixels = 500_000_000;

    /// <summary>Reads the header of a PNG, JPEG, GIF, BMP, WebP or TIFF file; null for anything else.</summary>
    public static PixelSize? Read(ReadOnlySpan<byte> file)
    {
        try
        {
            var size = file switch
            {
                [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => new PixelSize(
                    BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..])),
                [0xff, 0xd8, ..] => ReadJpeg(file),
                [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => new PixelSize(U16(file[6..]), U16(file[8..])),
                [(byte)'B', (byte)'M', ..] => new PixelSize(I32(file[18..]), Math.Abs(I32(file[22..]))),
                [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
                    ReadWebP(file[12..]),
                [(byte)'I', (byte)'I', 42, 0, ..] => ReadTiff(file, isLittle: true),
                [(byte)'M', (byte)'M', 0, 42, ..] => ReadTiff(file, isLittle: false),
                _ => default,
            };
            return size is { Width: > 0, Height: > 0 } && (long)size.Width * size.Height <= MostPixels ? size : null;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // cut off within its header
        }
    }

    private static int U16(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt16LittleEndian(at);

    private static int I32(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadInt32LittleEndian(at);

    // Segment after segment (ff, kind, length) up to the frame's header: ff c0 00 11 08 HH HH WW WW …
    private static PixelSize ReadJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 9 <= file.Length;)
        {
            if (file[at] != 0xff) return default;
            var kind = file[at + 1];
            if (kind == 0xff)
            {
                at++; // filling
                continue;
            }

            if (kind is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
                return new PixelSize(BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            at += kind is 0x01 or (>= 0xd0 and <= 0xd7) ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return default;
    }

    // Lossy, lossless, or with a header of its own.
    private static PixelSize ReadWebP(ReadOnlySpan<byte> chunk)
    {
        if (chunk.StartsWith("VP8X"u8)) return new PixelSize(1 + (I32(chunk[12..]) & 0xffffff), 1 + (I32(chunk[15..]) & 0xffffff));
        if (chunk.StartsWith("VP8 "u8)) return new PixelSize(U16(chunk[14..]) & 0x3fff, U16(chunk[16..]) & 0x3fff);
        if (!chunk.StartsWith("VP8L"u8)) return default;
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
        return new PixelSize(1 + (int)(bits & 0x3fff), 1 + (int)((bits >> 14) & 0x3fff));
    }

    // The first directory's entries 256 (width) and 257 (height): tag, type (3: 16 bits, 4: 32 bits), count, value.
    private static PixelSize ReadTiff(ReadOnlySpan<byte> file, bool isLittle)
    {
        const int EntryLength = 12;
        var directory = file[(int)Number(file[4..], 4)..];
        var (width, height) = (0u, 0u);
        for (var i = 0; i < Number(directory, 2); i++)
        {
            var entry = directory[(2 + (i * EntryLength))..];
            var value = Number(entry[8..], Number(entry[2..], 2) == 3 ? 2 : 4);
            if (Number(entry, 2) == 256) width = value;
            if (Number(entry, 2) == 257) height = value;
        }

        return width <= int.MaxValue && height <= int.MaxValue ? new PixelSize((int)width, (int)height) : default;

        uint Number(ReadOnlySpan<byte> at, int length) => (length, isLittle) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
            (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
            _ => BinaryPrimitives.ReadUInt32BigEndian(at),
        };
    }
}
