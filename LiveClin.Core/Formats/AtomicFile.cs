namespace LiveClin.Core.Formats;

/// <summary>Replaces files as a whole: whatever happens, a reader finds the old content or the new one.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, forces the bytes to disk, then renames over it. The folder is created.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = TemporaryBeside(ref path);
        try
        {
            using (var stream = Create(temporary))
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

    /// <summary>The same for content that is written asynchronously.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = TemporaryBeside(ref path);
        try
        {
            using (var stream = Create(temporary))
            {
                await write(stream).ConfigureAwait(false);
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

    // Not *.json, so that no reader of the folder takes a half-written file for a case.
    private static string TemporaryBeside(ref string path)
    {
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
    }

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
}
