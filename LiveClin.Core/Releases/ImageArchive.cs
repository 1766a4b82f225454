using System.IO.Compression;

namespace LiveClin.Core.Releases;

/// <summary>
/// Unpacks a release's <c>images.zip</c>. The archive comes from outside: everything in it is checked before anything is written.
/// </summary>
internal static class ImageArchive
{
    /// <summary>Unpacks an archive into a folder that appears all at once, complete. Two processes may do so at the same time.</summary>
    /// <exception cref="ReleaseException">The archive is damaged, hostile, or cannot be unpacked here.</exception>
    public static async Task UnpackAsync(string archive, string folder, ImageArchiveLimits limits, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder)) return;
        var unpacking = $"{Path.TrimEndingDirectorySeparator(folder)}.unpacking-{Guid.NewGuid():N}";
        try
        {
            RequireFewEntries(archive, limits);
            await using var zip = await ZipFile.OpenReadAsync(archive, cancellationToken);
            var entries = ImageArchiveEntry.Check(zip, archive, limits);
            RemoveLeftovers(folder);
            Directory.CreateDirectory(unpacking);
            var written = 0L;
            foreach (var entry in entries)
                written += await WriteAsync(entry, unpacking, archive, limits, limits.TotalBytes - written, cancellationToken);
            Publish(unpacking, folder);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"{archive} cannot be unpacked into {folder}: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(unpacking)) Directory.Delete(unpacking, recursive: true);
        }
    }

    // Before the library reads the whole directory.
    private static void RequireFewEntries(string archive, ImageArchiveLimits limits)
    {
        using var file = RegularFile.OpenRead(archive);
        if (ZipDirectory.HasMoreThan(file, limits.Entries))
            throw new ReleaseException($"{archive}: has more than {limits.Entries} entries; nothing was unpacked");
    }

    private static async Task<long> WriteAsync(ImageArchiveEntry entry, string unpacking, string archive, ImageArchiveLimits limits,
        long left, CancellationToken cancellationToken)
    {
        var path = Path.Combine(unpacking, entry.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var source = await entry.Entry.OpenAsync(cancellationToken);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var (buffer, size, sum) = (new byte[128 * 1024], 0L, new Crc32());
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            // The sizes that an archive declares may be lies; what comes out counts.
            size += read;
            if (size > Math.Min(limits.FileBytes, left) || size > entry.Entry.Length)
                throw new ReleaseException(
                    $"{archive}: entry '{entry.Entry.FullName}' unpacks to more than it declares or may have; nothing was unpacked");
            sum.Append(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (size != entry.Entry.Length || sum.Value != entry.Entry.Crc32)
            throw new ReleaseException($"{archive}: entry '{entry.Entry.FullName}' is damaged; nothing was unpacked");
        return size;
    }

    // What a killed process left behind; a living one has written within the hour.
    private static void RemoveLeftovers(string folder)
    {
        var parent = new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        foreach (var old in parent.EnumerateDirectories($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}.unpacking-*"))
            if (DateTime.UtcNow - old.LastWriteTimeUtc > TimeSpan.FromHours(1)) old.Delete(recursive: true);
    }

    private static void Publish(string unpacking, string folder)
    {
        try
        {
            Directory.Move(unpacking, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process was faster; its folder is as complete as ours.
        }
    }
}
