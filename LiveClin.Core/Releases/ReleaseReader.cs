using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Text;

namespace LiveClin.Core.Releases;

/// <summary>Reads and validates a release in one pass over its file.</summary>
public static class ReleaseReader
{
    /// <summary>How many problems of a release are kept; the rest is counted.</summary>
    public const int MaxProblems = 1000;

    internal const int MaxLineBytes = 32 * 1024 * 1024; // real cases have about 8 KB

    /// <summary>
    /// Reads a release. An image archive is unpacked first when images are to be checked and their folder does not exist.
    /// </summary>
    /// <exception cref="ReleaseException">The data cannot be evaluated; holds every problem with file, line and field.</exception>
    public static async Task<Release> ReadAsync(ReleaseLocation location, ReleaseOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Limit is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.Limit, "The limit of cases must be at least 1.");
        if (options is { CheckImages: true, ImageMode: ImageMode.Local } && location.ImageArchive is { } archive
            && !Directory.Exists(location.ImageRoot))
            await ImageArchive.UnpackAsync(archive, location.ImageRoot, ImageArchiveLimits.Default, cancellationToken);
        try
        {
            // The buffer is JsonLines' own.
            await using var file = RegularFile.OpenRead(location.JsonlPath);
            using var lines = new JsonLines(file, MaxLineBytes);
            return await ReadAsync(location, options, lines, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReleaseNotFoundException($"There is no file {location.JsonlPath}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"{location.JsonlPath} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<Release> ReadAsync(ReleaseLocation location, ReleaseOptions options, JsonLines lines,
        CancellationToken cancellationToken)
    {
        var problems = new ProblemList(location.JsonlPath);
        var parser = new CaseParser(problems);
        var images = new ImageCheck(location, options, problems);
        var cases = ImmutableArray.CreateBuilder<Case>();
        var (ordinal, blank) = (0, 0);
        while (await lines.ReadAsync(cancellationToken))
        {
            var line = lines.Number == 1 ? FirstLine(lines.Line) : lines.Line;
            if (lines.Number == 1 && NotJsonLines(line.Span) is { } reason)
            {
                problems.Error(0, null, reason);
                break;
            }

            line = Trim(line);
            if (lines.WasTooLong) problems.Error(lines.Number, null, $"is longer than {MaxLineBytes / 1024 / 1024} MiB");
            else if (line.IsEmpty) blank++;
            else
            {
                var parsed = parser.Parse(line, lines.Number, ordinal);
                if (parsed is not null && ordinal < (options.Limit ?? int.MaxValue))
                {
                    images.Check(parsed);
                    cases.Add(parsed);
                }

                ordinal++;
            }
        }

        if (lines.Number == 0) problems.Error(0, null, "is empty; a release has one case per line");
        else if (ordinal == 0 && problems.ErrorCount == 0)
            problems.Error(0, null, $"holds no cases, only {blank} blank {(blank == 1 ? "line" : "lines")}");
        problems.ThrowIfAny();
        return new Release
        {
            Name = location.Name,
            JsonlPath = location.JsonlPath,
            ImageRoot = location.ImageRoot,
            Sha256 = lines.Hash(),
            Cases = cases.ToImmutable(),
            Warnings = problems.Warnings,
            BlankLines = blank,
        };
    }

    private static ReadOnlyMemory<byte> FirstLine(ReadOnlyMemory<byte> line)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xef, 0xbb, 0xbf];
        return line.Span.StartsWith(byteOrderMark) ? line[byteOrderMark.Length..] : line;
    }

    // Files that are something else altogether deserve one clear sentence instead of a JSON error per line.
    private static string? NotJsonLines(ReadOnlySpan<byte> line)
    {
        if (GitLfs.IsPointer(line)) return GitLfs.Advice;
        ReadOnlySpan<byte> littleEndian = [0xff, 0xfe], bigEndian = [0xfe, 0xff], gzip = [0x1f, 0x8b], zip = "PK\x03\x04"u8;
        if (line.StartsWith(littleEndian) || line.StartsWith(bigEndian)) return "is UTF-16; save it as UTF-8";
        if (line.StartsWith(gzip) || line.StartsWith(zip)) return "is compressed; unpack it first";
        return null;
    }

    // As Python's strip: JSON has only four kinds of white space, text has more.
    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        while (Rune.DecodeFromUtf8(line.Span, out var first, out var length) == OperationStatus.Done && IsSpace(first))
            line = line[length..];
        while (Rune.DecodeLastFromUtf8(line.Span, out var last, out var length) == OperationStatus.Done && IsSpace(last))
            line = line[..^length];
        return line;

        static bool IsSpace(Rune rune) => rune.IsBmp && PythonText.IsSpace((char)rune.Value);
    }
}
