extern alias evaluator;

using System.IO.Compression;
using System.Text;
using evaluator::LiveClin.Evaluator.Models;
using LiveClin.Core.Answers;
using LiveClin.Core.Bundles;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;

namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>Readers in this process: replies, error bodies, releases, archives, result files.</summary>
internal static class FuzzTargets
{
    private static readonly int[] Statuses = [400, 401, 402, 403, 404, 408, 410, 422, 429, 451, 500, 502, 503];

    /// <summary>All of them.</summary>
    /// <param name="folder">Where files are written that have to be files.</param>
    public static IReadOnlyList<FuzzTarget> Make(string folder)
    {
        var (replies, errors) = (Corpus("replies.txt"), Corpus("errors.txt"));
        var lines = File.ReadAllLines(Path.Combine(BenchmarkPaths.RepositoryRoot, "data", "demo", "demo.jsonl"))
            .Where(line => line.Length > 0)
            .Select(Encoding.UTF8.GetBytes).ToArray();
        return
        [
            new("replies", replies, Sync(ReadReply)),
            new("error bodies", errors, Sync(ReadError)),
            new("releases", lines, bytes => ReadReleaseAsync(bytes, folder)),
            new("image archives", [Zip(stored: false), Zip(stored: true)], bytes => UnpackAsync(bytes, folder)),
            new("bundles", [Bundle()], Sync(bytes => Expect<BundleException>(() => CanonicalZip.Read(bytes)))),
            new("core files", lines,
                Sync(bytes => Expect<ResultFileException>(() => CoreFolder.ParseCase(Encoding.UTF8.GetString(bytes), "PMC1.json")))),
            new("v1 files", Corpus("v1.txt"), Sync(bytes => ReadV1(bytes, folder))),
        ];
    }

    private static byte[][] Corpus(string name)
    {
        using var stream = typeof(FuzzTargets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Encoding.UTF8.GetBytes(line.Replace("\\n\\n", "\n\n", StringComparison.Ordinal)))];
    }

    private static Func<byte[], Task> Sync(Action<byte[]> read) => bytes =>
    {
        read(bytes);
        return Task.CompletedTask;
    };

    private static void ReadReply(byte[] bytes) => Expect<ModelCallException>(() =>
    {
        var reply = ChatReply.Parse(bytes);
        AnswerExtractor.Extract(reply.Text);
        StrictExtractor.Extract(reply.Text, "ABCDE");
        RequireHarmless(ShownText.Lines(reply.Text));
        OutcomeClassifier.Classify(new CallResult { Reply = reply.Text, FinishReason = reply.FinishReason }, "A");
    });

    private static void ReadError(byte[] bytes)
    {
        foreach (var status in Statuses) RequireHarmless(ShownText.Line(FailureRules.OfHttp(new HttpReply(status, bytes)).Message));
    }

    private static void RequireHarmless(string shown)
    {
        if (shown.Any(c => (char.IsControl(c) && c is not ('\n' or '\t' or '\r')) || c is '\u202E' or '\uFFFF'))
            throw new InvalidOperationException("What is shown holds a control character.");
    }

    private static async Task ReadReleaseAsync(byte[] bytes, string folder)
    {
        var path = Path.Combine(folder, "fuzz.jsonl");
        await File.WriteAllBytesAsync(path, bytes);
        var location = ReleaseLocation.FromFile(path, Path.Combine(BenchmarkPaths.RepositoryRoot, "data", "demo", "images"));
        await ExpectAsync<ReleaseException>(() => ReleaseReader.ReadAsync(location, new ReleaseOptions(), CancellationToken.None));
    }

    private static async Task UnpackAsync(byte[] bytes, string folder)
    {
        var (archive, target) = (Path.Combine(folder, "images.zip"), Path.Combine(folder, "unpacked", "images"));
        await File.WriteAllBytesAsync(archive, bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await ExpectAsync<ReleaseException>(() =>
            ImageArchive.UnpackAsync(archive, target, ImageArchiveLimits.Default, CancellationToken.None));
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        if (Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
            .Except(["images.zip", "unpacked", "fuzz.jsonl", "v1.json"]).FirstOrDefault() is { } escaped)
            throw new InvalidOperationException($"{escaped} was written beside the folder.");
    }

    private static void ReadV1(byte[] bytes, string folder)
    {
        var path = Path.Combine(folder, "v1.json");
        File.WriteAllBytes(path, bytes);
        Expect<ResultFileException>(() => V1ResultsFile.Read(path));
    }

    private static byte[] Zip(bool stored)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var name in (string[])["images/a.png", "images/b/c.png"])
            {
                using var entry = zip.CreateEntry(name, stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                entry.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("some bytes of an image ", 20))));
            }
        }

        return stream.ToArray();
    }

    private static byte[] Bundle()
    {
        using var stream = new MemoryStream();
        CanonicalZip.Write(stream,
            [new BundleEntry("bundle.json", "{\"format\":1}"u8.ToArray()), new BundleEntry("runs/a.jsonl", "{}\n"u8.ToArray())]);
        return stream.ToArray();
    }

    private static void Expect<T>(Action read) where T : Exception
    {
        try
        {
            read();
        }
        catch (T)
        {
            // refused, as it should be
        }
    }

    private static async Task ExpectAsync<T>(Func<Task> read) where T : Exception
    {
        try
        {
            await read();
        }
        catch (T)
        {
            // refused, as it should be
        }
    }
}
