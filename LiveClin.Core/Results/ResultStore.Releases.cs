using LiveClin.Core.Cases;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    /// <summary>A release with its cases as they were when it was first used; null when it is not in the store.</summary>
    /// <param name="sha256">SHA-256 of its JSONL file.</param>
    /// <exception cref="StoreException">A stored case is damaged.</exception>
    public Release? LoadRelease(string sha256) => Load(sha256, StreamCases(sha256).Select(StoredCaseReader.Read));

    /// <summary>The same without the cases that are damaged; <see cref="StoreDamage"/> says which.</summary>
    /// <param name="sha256">SHA-256 of its JSONL file.</param>
    internal Release? LoadSoundRelease(string sha256) => Load(sha256, StreamCases(sha256).Select(TryRead).OfType<Case>());

    internal static Case? TryRead(StoredCase stored)
    {
        try
        {
            return StoredCaseReader.Read(stored);
        }
        catch (StoreException error) when (error.Problem == StoreProblem.Damaged)
        {
            return null;
        }
    }

    private Release? Load(string sha256, IEnumerable<Case> cases)
    {
        if (FindRelease(sha256) is not { } stored) return null;
        return new Release
        {
            Name = stored.Name,
            JsonlPath = stored.JsonlPath,
            ImageRoot = stored.ImageRoot,
            Sha256 = stored.Sha256,
            Cases = [.. cases],
        };
    }

    /// <summary>All images that were ever sent.</summary>
    public IReadOnlyList<StoredImage> ListImages() => Query(
        "SELECT sha256, path, media_type, bytes FROM images",
        row => new StoredImage(row.Text(), row.Text(), row.Text(), row.Long()));
}
