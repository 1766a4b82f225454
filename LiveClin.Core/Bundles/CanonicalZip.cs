using System.Buffers.Binary;
using System.Text;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Bundles;

/// <summary>
/// A zip archive that can be written in one way only: the same files give the same bytes, and every byte of an archive is either a file's
/// or follows from the files, so that a change of any of them is found. Nothing is compressed: no file is larger in memory than it is on
/// disk.
/// </summary>
public static class CanonicalZip
{
    /// <summary>Largest archive: what zip can describe without extensions.</summary>
    public const long LargestArchive = int.MaxValue;

    private const int MostFiles = ushort.MaxValue - 1;
    private const int LongestName = 200;
    private const int LocalHeader = 30, CentralHeader = 46, End = 22;
    private const uint LocalSignature = 0x04034B50, CentralSignature = 0x02014B50, EndSignature = 0x06054B50;
    private const ushort Version = 20, Utf8Names = 0x0800, Midnight = 0, FirstOfJanuary1980 = 0x0021;

    /// <summary>Writes an archive.</summary>
    /// <exception cref="BundleException">It is too large for this form.</exception>
    public static void Write(Stream stream, IReadOnlyList<BundleEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count > MostFiles || entries.Sum(entry => entry.Data.Length + 300L) > LargestArchive)
            throw new BundleException("The bundle would be larger than 2 GiB. Bundle fewer runs.");
        var placed = new List<Placed>();
        long offset = 0;
        foreach (var entry in entries)
        {
            var file = new Placed(entry.Name, Checksum(entry.Data.Span), entry.Data.Length, (uint)offset);
            placed.Add(file);
            stream.Write(Local(file));
            stream.Write(entry.Data.Span);
            offset += LocalHeader + Encoding.UTF8.GetByteCount(entry.Name) + entry.Data.Length;
        }

        stream.Write(Directory(placed, offset));
    }

    /// <summary>Reads an archive; refuses whatever <see cref="Write"/> would not have written.</summary>
    /// <exception cref="BundleException">Something differs; names the byte and what it belongs to.</exception>
    public static IReadOnlyList<BundleEntry> Read(ReadOnlyMemory<byte> archive)
    {
        var entries = new List<BundleEntry>();
        var placed = new List<Placed>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var offset = 0;
        while (IsLocal(archive.Span[offset..]))
        {
            var entry = ReadEntry(archive, ref offset, placed);
            if (!names.Add(entry.Name)) throw new BundleException($"{entry.Name} is there twice.");
            if (entries.Count == MostFiles) throw new BundleException("It has too many files.");
            entries.Add(entry);
        }

        if (entries.Count == 0) throw new BundleException("It is no bundle: it does not begin with a file of a zip archive.");
        Compare(archive.Span[offset..], Directory(placed, offset), offset, "the zip's directory");
        return entries;
    }

    private static bool IsLocal(ReadOnlySpan<byte> rest) =>
        rest.Length >= LocalHeader && BinaryPrimitives.ReadUInt32LittleEndian(rest) == LocalSignature;

    private static BundleEntry ReadEntry(ReadOnlyMemory<byte> archive, ref int offset, List<Placed> placed)
    {
        var header = archive.Span[offset..];
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header[14..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        if (nameLength is 0 or > LongestName || (long)LocalHeader + nameLength + size > header.Length)
            throw new BundleException($"Byte {offset}: the sizes of file {placed.Count + 1} in its header cannot be right.");
        var name = ReadName(header.Slice(LocalHeader, nameLength), offset);
        var file = new Placed(name, crc, (int)size, (uint)offset);
        Compare(header[..(LocalHeader + nameLength)], Local(file), offset, $"the header of {name}");
        var start = offset + LocalHeader + nameLength;
        var data = archive.Slice(start, (int)size);
        if (Checksum(data.Span) != crc)
            throw new BundleException(
                $"{name}: its bytes and its check sum do not fit together (bytes {start} to {start + size - 1}, or the sum at byte {offset + 14}).");
        placed.Add(file);
        offset = start + (int)size;
        return new BundleEntry(name, data);
    }

    // Names are never used as paths, and yet they have to be plain ones.
    private static string ReadName(ReadOnlySpan<byte> bytes, int offset)
    {
        foreach (var b in bytes)
            if (!char.IsAsciiLetterOrDigit((char)b) && !"-_./".Contains((char)b, StringComparison.Ordinal))
                throw new BundleException($"Byte {offset + LocalHeader}: a file's name has characters that no bundle has.");
        var name = Encoding.ASCII.GetString(bytes);
        return name.Split('/').Any(part => part is "" or "." or "..")
            ? throw new BundleException($"Byte {offset + LocalHeader}: '{name}' is no name in a bundle.") : name;
    }

    private static void Compare(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected, int offset, string what)
    {
        var same = found.CommonPrefixLength(expected);
        if (same == expected.Length && same == found.Length) return;
        throw new BundleException(same == expected.Length
            ? $"Byte {offset + same}: there is something behind the end of {what}."
            : $"Byte {offset + same}: {what} is not as it was written. (Archives that another program packed again are refused, too.)");
    }

    private static byte[] Local(Placed file)
    {
        var name = Encoding.UTF8.GetBytes(file.Name);
        var bytes = new byte[LocalHeader + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, LocalSignature);
        WriteCommon(bytes.AsSpan(4), file, name.Length);
        name.CopyTo(bytes, LocalHeader);
        return bytes;
    }

    private static byte[] Directory(List<Placed> files, long offset)
    {
        using var directory = new MemoryStream();
        foreach (var file in files)
        {
            var name = Encoding.UTF8.GetBytes(file.Name);
            var bytes = new byte[CentralHeader + name.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, CentralSignature);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Version);
            WriteCommon(bytes.AsSpan(6), file, name.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(42), file.Offset);
            name.CopyTo(bytes, CentralHeader);
            directory.Write(bytes);
        }

        var end = new byte[End];
        BinaryPrimitives.WriteUInt32LittleEndian(end, EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)files.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)files.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)offset);
        directory.Write(end);
        return directory.ToArray();
    }

    // version, flags, method (stored), time, date, check sum, both sizes, length of the name: the same in both headers.
    private static void WriteCommon(Span<byte> bytes, Placed file, int nameLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Midnight);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], FirstOfJanuary1980);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[10..], file.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[14..], (uint)file.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[18..], (uint)file.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], (ushort)nameLength);
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = new Crc32();
        crc.Append(data);
        return crc.Value;
    }

    private sealed record Placed(string Name, uint Crc, int Size, uint Offset);
}
