using System.Text;

namespace LiveClin.Launcher;

/// <summary>
/// The file with all that one start of a server has said, whoever listens besides. A disk that is full costs the file, never the server.
/// </summary>
internal sealed class ServerLog
{
    private readonly FileStream? _file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file; null for none.</param>
    public ServerLog(string? path)
    {
        if (path is null) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                BufferSize = 0,
            };
            // Some servers log prompts.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            _file = new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"launcher: the log cannot be kept: {e.Message}";
        }
    }

    /// <summary>Why there is no file, or no more of it; told once.</summary>
    public string? Problem { get; private set; }

    /// <summary>Appends a line.</summary>
    public void Write(string line)
    {
        if (Problem is not null) return;
        try
        {
            _file?.Write(Encoding.UTF8.GetBytes(line + '\n'));
        }
        catch (IOException e)
        {
            Problem = $"launcher: the log ends here: {e.Message}";
        }
    }
}
