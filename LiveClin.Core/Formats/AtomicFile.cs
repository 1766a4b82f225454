namespace LiveClin.Core.Formats;

/// <summary>Replaces files as a whole: whatever happens, a reader finds the old content or the new one.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, forces the bytes to disk, then renames over it. The folder is created.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        // Not *.json, so that no reader of the folder takes a half-written file for a case.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
