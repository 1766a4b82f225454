using System.Buffers.Binary;

namespace LiveClin.Core.Releases;

/// <summary>
/// Walks the directory of a zip before a library reads all of it into memory: what an archive's end says about its number of entries may
/// be a lie, and so may the records of the large format (zip64).
/// </summary>
public static class ZipDirectory
{
    private const uint EntryMark = 0x02014b50, LargeEndMark = 0x06064b50, LocatorMark = 0x07064b50;
    private const int EntryHeader = 46, EndLength = 22, LocatorLength = 20, LongestTail = EndLength + ushort.MaxValue + LocatorLength;

    /// <summary>
    /// True when an archive has more entries than that; nothing but its directory is read, and no more of it than needed.
    /// </summary>
    /// <param name="archive">The archive; its position is 0 afterwards.</param>
    /// <param name="most">Most entries.</param>
    /// <exception cref="InvalidDataException">It has no end, or its end points outside of it.</exception>
    public static bool HasMoreThan(Stream archive, int most)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var start = Start(archive);
        Span<byte> header = stackalloc byte[EntryHeader];
        var entries = 0;
        for (; entries <= most && start >= 0 && start <= archive.Length - EntryHeader; entries++)
        {
            archive.Position = start;
            archive.ReadExactly(header);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != EntryMark) break;
            start += EntryHeader + Short(header, 28) + Short(header, 30) + Short(header, 32);
        }

        archive.Position = 0;
        return entries > most;
    }

    private static long Start(Stream archive)
    {
        var tail = new byte[Math.Min(archive.Length, LongestTail)];
        archive.Position = archive.Length - tail.Length;
        archive.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || at + EndLength > tail.Length) throw new InvalidDataException("its end is missing.");
        var end = tail.AsSpan(at);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        // As the library decides: any of these fields at its end means that the large record counts.
        var isLarge = start == uint.MaxValue || Short(end, 4) == ushort.MaxValue || Short(end, 6) == ushort.MaxValue
            || Short(end, 8) == ushort.MaxValue || Short(end, 10) == ushort.MaxValue
            || BinaryPrimitives.ReadUInt32LittleEndian(end[12..]) == uint.MaxValue;
        if (!isLarge) return start;
        var locator = at - LocatorLength;
        if (locator < 0 || BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(locator)) != LocatorMark) return start;
        return LargeStart(archive, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8)));
    }

    private static long LargeStart(Stream archive, long record)
    {
        Span<byte> large = stackalloc byte[56];
        if (record < 0 || record > archive.Length - large.Length) throw new InvalidDataException("its end points outside of it.");
        archive.Position = record;
        archive.ReadExactly(large);
        if (BinaryPrimitives.ReadUInt32LittleEndian(large) != LargeEndMark)
            throw new InvalidDataException("the record of its end is missing.");
        return BinaryPrimitives.ReadInt64LittleEndian(large[48..]);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
