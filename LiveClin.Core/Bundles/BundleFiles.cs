using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LiveClin.Core.Text;

namespace LiveClin.Core.Bundles;

/// <summary>The files of a bundle by name, and their check sums.</summary>
public sealed class BundleFiles
{
    /// <summary>The file with the SHA-256 of every other file, as <c>sha256sum -c</c> reads it.</summary>
    public const string SumsFile = "SHA256SUMS";

    /// <summary>The files that are computed from the others begin with this.</summary>
    public const string ReportFolder = "report/";

    internal const string ManifestFile = "manifest.json", CasesFile = "cases.jsonl", PromptsFile = "prompts.jsonl",
    VerdictsFile = "verdicts.jsonl";

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _files;

    /// <summary>Takes files over.</summary>
    public BundleFiles(IEnumerable<BundleEntry> entries) =>
        _files = entries.ToDictionary(entry => entry.Name, entry => entry.Data, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _files.Keys.Order(StringComparer.Ordinal);

    /// <summary>All files in the order in which they are written, the sums last.</summary>
    public IReadOnlyList<BundleEntry> WithSums()
    {
        List<BundleEntry> entries = [.. Names.Where(name => name != SumsFile).Select(name => new BundleEntry(name, _files[name]))];
        var sums = string.Concat(entries.Select(entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Data.Span))}  {entry.Name}\n"));
        return [.. entries, new BundleEntry(SumsFile, Encoding.ASCII.GetBytes(sums))];
    }

    /// <summary>What the sums do not confirm; empty when all is well.</summary>
    public IReadOnlyList<string> CheckSums()
    {
        var stated = Encoding.ASCII.GetString(Require(SumsFile).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split("  ", 2)).Where(parts => parts.Length == 2)
                .ToLookup(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var name in Names.Where(name => name != SumsFile))
            if (!stated[name].SequenceEqual([Convert.ToHexStringLower(SHA256.HashData(_files[name].Span))]))
                problems.Add($"{name}: its SHA-256 is not the one in {SumsFile}.");
        problems.AddRange(stated.Where(line => !_files.ContainsKey(line.Key))
            .Select(line => $"{Plain(line.Key)}: named in {SumsFile}, and not there."));
        if (problems.Count == 0 && !WithSums()[^1].Data.Span.SequenceEqual(Require(SumsFile).Span))
            problems.Add($"{SumsFile} is not as it was written.");
        return problems;
    }

    /// <summary>A file; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Find(string name) => _files.TryGetValue(name, out var data) ? data : null;

    /// <summary>A file.</summary>
    /// <exception cref="BundleException">There is none.</exception>
    public ReadOnlyMemory<byte> Require(string name) => Find(name) ?? throw new BundleException($"{name} is missing.");

    /// <summary>The folder of a run.</summary>
    internal static string RunFolder(int index) => string.Create(CultureInfo.InvariantCulture, $"runs/{index + 1}/");

    internal static BundleEntry Json<T>(string name, T value, JsonTypeInfo<T> type) =>
        new(name, JsonSerializer.SerializeToUtf8Bytes(value, type));

    internal static BundleEntry Lines<T>(string name, IEnumerable<T> values, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        foreach (var value in values)
        {
            JsonSerializer.Serialize(stream, value, type);
            stream.WriteByte((byte)'\n');
        }

        return new BundleEntry(name, stream.ToArray());
    }

    internal T ReadJson<T>(string name, JsonTypeInfo<T> type) => Parse(name, 1, Require(name).Span, type);

    internal IEnumerable<T> ReadLines<T>(string name, JsonTypeInfo<T> type)
    {
        var rest = Require(name);
        for (var line = 1; !rest.IsEmpty; line++)
        {
            var length = rest.Span.IndexOf((byte)'\n');
            if (length < 0) throw new BundleException($"{name}, line {line}: it is cut off.");
            yield return Parse(name, line, rest.Span[..length], type);
            rest = rest[(length + 1)..];
        }
    }

    private static T Parse<T>(string name, int line, ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new BundleException($"{name}, line {line}: it is empty.");
        }
        catch (JsonException error)
        {
            throw new BundleException($"{name}, line {line}: {error.Message}", error);
        }
    }

    private static string Plain(string text) => ShownText.Line(text);
}
