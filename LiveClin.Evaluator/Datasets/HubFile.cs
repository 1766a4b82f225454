using System.Text.Json.Serialization;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Datasets;

/// <summary>A file of a release on the hub.</summary>
/// <param name="Path">Path in the repository, for example <c>data/2025_H1/image/x.jpg</c>.</param>
/// <param name="RelativePath">Path below the release's folder; checked: relative, without <c>..</c>.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Hash">What the content must hash to.</param>
internal sealed record HubFile(string Path, string RelativePath, long Size, ContentHash Hash)
{
    /// <summary>The file of a listing's entry.</summary>
    /// <exception cref="HubException">The entry is not what it may be; a path that leaves the folder is an attack.</exception>
    public static HubFile From(HubTreeEntry entry, string folder)
    {
        var path = entry.Path ?? "";
        var relative = path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : "";
        var parts = relative.Split('/');
        if (relative.Length == 0 || parts.Any(p => p is "" or "." or "..") || relative.Any(c => c is '\\' or ':' || char.IsControl(c)))
            throw new HubException(
                $"The hub's listing of {folder} names '{ShownText.Line(path)}', which is not a path below it. Nothing was downloaded.");
        var size = entry.Lfs?.Size ?? entry.Size;
        var hash = entry.Lfs is { } lfs ? ContentHash.Sha256(lfs.Oid) : ContentHash.GitBlob(entry.Oid, size);
        if (size < 0 || hash is null)
            throw new HubException($"The hub's listing gives no proper size and hash of {path}. Nothing was downloaded.");
        return new HubFile(path, relative, size, hash);
    }
}

/// <summary>
/// An entry of the hub's tree listing, for example
/// <c>{"type":"file","oid":"…","size":3,"path":"data/r/x.jpg","lfs":{"oid":"…","size":3}}</c>.
/// </summary>
internal sealed record HubTreeEntry(string? Type, string? Path, string? Oid, long Size, HubLfs? Lfs);

/// <summary>What LFS knows of a file: its SHA-256 and size.</summary>
internal sealed record HubLfs(string? Oid, long Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<HubTreeEntry>))]
internal sealed partial class HubJson : JsonSerializerContext;
