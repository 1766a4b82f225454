using System.Globalization;
using System.IO.Compression;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Imports;

/// <summary>A zip of a core folder, read with the suspicion that it deserves.</summary>
/// <param name="name">Its name, for messages.</param>
/// <param name="file">Its bytes.</param>
internal sealed class UploadedArchive(string name, FileStream file)
{
    /// <summary>True for bytes that begin as a zip does.</summary>
    public static bool IsArchive(FileStream file)
    {
        Span<byte> mark = stackalloc byte[4];
        var isArchive = file.ReadAtLeast(mark, 4, throwOnEndOfStream: false) == 4 && mark[..2].SequenceEqual("PK"u8)
            && mark[2..] is [3, 4] or [5, 6];
        file.Position = 0;
        return isArchive;
    }

    /// <summary>Says that a file is longer than one case may be.</summary>
    public static UploadException TooLong(string upload, string file, long most) => new(string.Create(CultureInfo.InvariantCulture,
        $"{upload}: {file} has more than {most >> 20} MiB, the most that one case file may have. Leave it out, or send a v1 results file as it is, not in a zip."));

    /// <summary>Says that a file is not as the archive's directory says.</summary>
    public static UploadException OtherSize(string upload, ZipArchiveEntry entry) => new(string.Create(CultureInfo.InvariantCulture,
        $"{upload}: {ShownText.Line(entry.Name)} has not the size ({entry.Length} bytes) or the checksum that the zip's directory gives it. Zip the folder again."));

    /// <summary>
    /// Hands out every JSON file of the one folder in it that has some, with its entry in the directory; returns how many other files it
    /// holds.
    /// </summary>
    /// <exception cref="UploadException">It is broken, or too much.</exception>
    public async Task<int> UnpackAsync(
        Func<string, Stream, ZipArchiveEntry?, CancellationToken, Task> place, UploadLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            RequireFewEntries(limits.Files);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var entries = archive.Entries.Where(IsCaseFile).ToList();
            var folders = entries.Select(FolderOf).Distinct().Take(2).ToList();
            if (entries.Count == 0) throw new UploadException($"{name} holds no JSON files. Zip a core folder with its case files.");
            if (folders.Count > 1)
                throw new UploadException(
                    $"{name} holds JSON files in several folders (“{folders[0]}”, “{folders[1]}”). Zip one core folder.");
            if (entries.Find(entry => entry.Length > limits.CaseFile) is { } longest)
                throw TooLong(name, ShownText.Line(longest.Name), limits.CaseFile);
            foreach (var entry in entries)
            {
                await using var content = await entry.OpenAsync(cancellationToken);
                await place(Upload.RequirePlain(entry.Name), content, entry, cancellationToken);
            }

            return archive.Entries.Count(entry => entry.Name.Length > 0 && !IsCaseFile(entry) && !IsOfMac(entry));
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or EndOfStreamException or ArgumentException)
        {
            throw new UploadException($"{name} is a broken or encrypted zip: {error.Message}", error);
        }
    }

    private static bool IsCaseFile(ZipArchiveEntry entry) =>
        entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !IsOfMac(entry);

    // What a Mac adds beside each file is no case, and nothing that anybody has put there.
    private static bool IsOfMac(ZipArchiveEntry entry) =>
        entry.Name.StartsWith("._", StringComparison.Ordinal) || entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static string FolderOf(ZipArchiveEntry entry) => entry.FullName[..^entry.Name.Length];

    // The library reads the whole directory of the archive into memory. Images and folders may lie beside the case files.
    private void RequireFewEntries(int most)
    {
        if (ZipDirectory.HasMoreThan(file, 4 * most))
            throw new UploadException(string.Create(CultureInfo.InvariantCulture,
                $"{name} has more than {4 * most} entries. Zip the case files only, in parts."));
    }
}
