using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Exchange;

/// <summary>A release made from results, when the one that they were made on is not known.</summary>
internal static class ImportedRelease
{
    /// <summary>The release of these cases. Its hash is that of a JSONL file with their lines: equal results give one release.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="source">File or folder that it was made from.</param>
    /// <param name="cases">The cases, in order.</param>
    public static Release Create(string name, string source, ImmutableArray<Case> cases)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var @case in cases) hash.AppendData(Encoding.UTF8.GetBytes(@case.Json + "\n"));
        return new Release
        {
            Name = name,
            JsonlPath = source,
            ImageRoot = Directory.Exists(source) ? source : Path.GetDirectoryName(source)!,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            Cases = cases,
        };
    }
}
