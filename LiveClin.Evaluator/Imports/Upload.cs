using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Imports;

/// <summary>
/// Files that somebody sends, in a folder of their own that goes with this object. Nothing about them is trusted: names are bare names,
/// sizes are counted as bytes come, and archives are unpacked by <see cref="UploadedArchive"/>.
/// </summary>
internal sealed class Upload(UploadLimits limits) : IAsyncDisposable
{
    private const string Prefix = "liveclin-import-";

    private readonly DirectoryInfo _folder =
        Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-"));
    private readonly List<string> _names = [];
    private FileStream? _file;
    private long _received, _unpacked;
    private int _files;

    /// <summary>Removes what processes have left behind that were killed in the middle of an upload.</summary>
    public static void RemoveLeftovers()
    {
        foreach (var folder in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            try
            {
                // Sample: liveclin-import-4711-a1B2c3
                var isOurs = folder.Name[Prefix.Length..].Split('-') is [var process, _]
                    && int.TryParse(process, CultureInfo.InvariantCulture, out var id) && !IsRunning(id);
                if (isOurs && folder.LinkTarget is null) folder.Delete(recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's, or gone meanwhile.
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Folder with what was sent, archives unpacked.</summary>
    public string Folder => _folder.CreateSubdirectory("results").FullName;

    /// <summary>Files of archives that are no JSON files, and are left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The names of the files that were sent, for people.</summary>
    public string Name => _names switch
    {
        [] => "nothing",
        [var one] => one,
        [var first, ..] => string.Create(CultureInfo.InvariantCulture, $"{first} and {_names.Count - 1} more"),
    };

    /// <summary>Takes a chunk: of a new file when it has a name, else of the file before.</summary>
    /// <exception cref="UploadException">It cannot be taken.</exception>
    public async Task AddAsync(string fileName, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (fileName.Length > 0)
        {
            await FinishFileAsync(cancellationToken);
            _names.Add(RequirePlain(fileName));
            if (_names.Count > limits.Files)
                throw new UploadException(string.Create(CultureInfo.InvariantCulture,
                    $"More than {limits.Files} files were sent. Send the folder as a zip, in parts."));
            _file = new FileStream(Path.Combine(_folder.FullName, "file"), FileMode.Create, FileAccess.ReadWrite);
        }

        if (_file is null) throw new UploadException("The first chunk has no file name. Name the file on its first chunk.");
        _received += data.Length;
        if (_received > limits.Bytes)
            throw new UploadException(
                string.Create(CultureInfo.InvariantCulture,
                $"More than {limits.Bytes >> 20} MiB were sent. Send the results in parts, or import them with the command: LiveClin.Evaluator -- import FOLDER-OR-FILE."));
        await _file.WriteAsync(data, cancellationToken);
    }

    /// <summary>Refuses a case file that is longer than one may be; results files of many cases may be longer.</summary>
    /// <exception cref="UploadException">It is too long.</exception>
    public void RequireShort(string caseFile)
    {
        if (new FileInfo(caseFile).Length > limits.CaseFile)
            throw UploadedArchive.TooLong(Name, Path.GetFileName(caseFile), limits.CaseFile);
    }

    /// <summary>Puts the last file in its place.</summary>
    /// <exception cref="UploadException">It cannot be taken, or nothing was sent.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await FinishFileAsync(cancellationToken);
        if (_names.Count == 0) throw new UploadException("No file was sent.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_file is not null) await _file.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task FinishFileAsync(CancellationToken cancellationToken)
    {
        if (_file is null) return;
        await using (_file)
        {
            _file.Position = 0;
            if (UploadedArchive.IsArchive(_file))
                LeftOut += await new UploadedArchive(_names[^1], _file).UnpackAsync(PlaceAsync, limits, cancellationToken);
            else if (_names[^1].EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                await PlaceAsync(_names[^1], _file, null, cancellationToken);
            else
                throw new UploadException(
                    $"{_names[^1]} is neither a JSON file nor a zip. Send a v1 results file, case files of a core folder, or a zip of one.");
        }

        _file = null;
    }

    private async Task PlaceAsync(string name, Stream content, ZipArchiveEntry? entry, CancellationToken cancellationToken)
    {
        if (++_files > limits.Files)
            throw new UploadException(
                string.Create(CultureInfo.InvariantCulture, $"{Name}: there are more than {limits.Files} files. Send them in parts."));
        // Programs on Windows write .JSON, too; the readers of a folder take .json only, as published.
        var path = Path.Combine(Folder, Path.ChangeExtension(name, ".json"));
        if (File.Exists(path)) throw new UploadException($"{name} came twice. Case files of one folder have different names.");
        await using var file = new FileStream(path, FileMode.CreateNew);
        var buffer = new byte[128 << 10];
        var (length, sum) = (0L, new Crc32());
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            _unpacked += read;
            length += read;
            if (length > entry?.Length) throw UploadedArchive.OtherSize(Name, entry);
            sum.Append(buffer.AsSpan(0, read));
            if (_unpacked > limits.Unpacked)
                throw new UploadException(string.Create(CultureInfo.InvariantCulture,
                    $"{Name}: more than {limits.Unpacked >> 20} MiB once unpacked. Send the results in parts."));
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        // The library reads no further than the size that the directory gives: the sum tells what was cut off.
        if (entry is not null && (length != entry.Length || sum.GetCurrentHashAsUInt32() != entry.Crc32))
            throw UploadedArchive.OtherSize(Name, entry);
    }

    // It becomes a file's name here; a path, a device or a name that only looks like one must not come through.
    internal static string RequirePlain(string name)
    {
        // 200 signs that take four bytes each are longer than a file system takes.
        var isPlain = name.Length is > 0 and <= 200 && Encoding.UTF8.GetByteCount(name) <= 240 && name is not ("." or "..")
            && !name.AsSpan().ContainsAny("/\\:*?\"<>|") && !name.Any(char.IsControl) && name[^1] is not ('.' or ' ');
        return isPlain ? name
            : throw new UploadException(
                $"“{Shown(name)}” is no plain file name of at most 200 characters (240 bytes of UTF-8), without folders.");
    }

    private static string Shown(string name) => ShownText.Line(name.Length > 60 ? name[..60] + "…" : name);
}
