using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace LiveClin.Evaluator.Imports;

/// <summary>A zip of a core folder, read with the suspicion that it deserves.</summary>
/// <param name="name">Its name, for messages.</param>
/// <param name="file">Its bytes.</param>
internal sealed class UploadedArchive(string name, FileStream file)
{
    private const uint EntryMark = 0x02014b50;
    private const int EntryHeader = 46;

    /// <summary>True for bytes that begin as a zip does.</summary>
    public static bool IsArchive(FileStream file)
    {
        Span<byte> mark = stackalloc byte[4];
        var isArchive = file.ReadAtLeast(mark, 4, throwOnEndOfStream: false) == 4 && mark[..2].SequenceEqual("PK"u8) && mark[2..] is [3, 4] or [5, 6];
        file.Position = 0;
        return isArchive;
    }

    /// <summary>Hands out every JSON file of the one folder in it that has some.</summary>
    /// <exception cref="UploadException">It is broken, or too much.</exception>
    public async Task UnpackAsync(Func<string, Stream, CancellationToken, Task> place, int mostFiles, CancellationToken cancellationToken)
    {
        try
        {
            RequireFewEntries(mostFiles);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var entries = archive.Entries.Where(IsCaseFile).ToList();
            var folders = entries.Select(FolderOf).Distinct().Take(2).ToList();
            if (entries.Count == 0) throw new UploadException($"{name} holds no JSON files. Zip a core folder with its case files.");
            if (folders.Count > 1) throw new UploadException($"{name} holds JSON files in several folders (“{folders[0]}”, “{folders[1]}”). Zip one core folder.");
            foreach (var entry in entries)
            {
                await using var content = await entry.OpenAsync(cancellationToken);
                await place(Upload.RequirePlain(entry.Name), content, cancellationToken);
            }
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or EndOfStreamException or ArgumentException)
        {
            throw new UploadException($"{name} is a broken or encrypted zip: {error.Message}", error);
        }
    }

    // What a Mac adds beside each file is no case.
    private static bool IsCaseFile(ZipArchiveEntry entry) =>
        entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !entry.Name.StartsWith("._", StringComparison.Ordinal) && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static string FolderOf(ZipArchiveEntry entry) => entry.FullName[..^entry.Name.Length];

    // The library reads the whole directory of the archive into memory; what its end says about it may be a lie, so it is walked first.
    private void RequireFewEntries(int most)
    {
        var start = DirectoryStart();
        Span<byte> header = stackalloc byte[EntryHeader];
        for (var entries = 0; start + EntryHeader <= file.Length; entries++)
        {
            file.Position = start;
            file.ReadExactly(header);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != EntryMark) break;
            // Images and folders may lie beside the case files.
            if (entries > 4 * most) throw new UploadException(string.Create(CultureInfo.InvariantCulture, $"{name} has more than {4 * most} entries. Zip the case files only, in parts."));
            start += EntryHeader + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        }

        file.Position = 0;
    }

    private long DirectoryStart()
    {
        var tail = new byte[Math.Min(file.Length, 66_000)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || at + 20 > tail.Length) throw new InvalidDataException("its end is missing.");
        var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
        return start != uint.MaxValue ? start : throw new UploadException($"{name} is a zip in the format for more than 65,535 entries or 4 GiB. Send the results in parts.");
    }
}
