using LiveClin.Core.Cases;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    /// <summary>A release with its cases as they were when it was first used; null when it is not in the store.</summary>
    /// <param name="sha256">SHA-256 of its JSONL file.</param>
    public Release? LoadRelease(string sha256)
    {
        if (FindRelease(sha256) is not { } stored) return null;
        return new Release
        {
            Name = stored.Name,
            JsonlPath = stored.JsonlPath,
            ImageRoot = stored.ImageRoot,
            Sha256 = stored.Sha256,
            Cases = [.. StreamCases(sha256).Select(StoredCaseReader.Read)],
        };
    }

    /// <summary>All images that were ever sent.</summary>
    public IReadOnlyList<StoredImage> ListImages() => Query(
        "SELECT sha256, path, media_type, bytes FROM images",
        row => new StoredImage(row.Text(), row.Text(), row.Text(), row.Long()));
}
