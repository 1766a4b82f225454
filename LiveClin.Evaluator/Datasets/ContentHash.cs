using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiveClin.Evaluator.Datasets;

/// <summary>What a file's content must hash to: SHA-256 for files in LFS, git's blob hash (SHA-1 with a header) for others.</summary>
/// <param name="Name">The hash's name for messages.</param>
/// <param name="Value">Lower-case hexadecimal.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Header">What is hashed before the content.</param>
internal sealed record ContentHash(string Name, string Value, HashAlgorithmName Algorithm, string Header)
{
    /// <summary>A SHA-256, null when it is not one.</summary>
    public static ContentHash? Sha256(string? value) =>
        IsHex(value, 64) ? new ContentHash("SHA-256", value!.ToLowerInvariant(), HashAlgorithmName.SHA256, "") : null;

    /// <summary>A git blob hash, null when it is not one.</summary>
    public static ContentHash? GitBlob(string? value, long size) => IsHex(value, 40)
        ? new ContentHash("git blob hash", value!.ToLowerInvariant(), HashAlgorithmName.SHA1,
            string.Create(CultureInfo.InvariantCulture, $"blob {size}\0"))
        : null;

    /// <summary>Begins the hash of a content.</summary>
    public IncrementalHash Begin()
    {
        var hash = IncrementalHash.CreateHash(Algorithm);
        hash.AppendData(Encoding.ASCII.GetBytes(Header));
        return hash;
    }

    /// <summary>The hash of a whole stream, lower-case hexadecimal.</summary>
    public async Task<string> OfAsync(Stream content, CancellationToken cancellationToken)
    {
        using var hash = Begin();
        await AppendAsync(hash, content, cancellationToken);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hashes the rest of a stream.</summary>
    public static async Task AppendAsync(IncrementalHash hash, Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0) hash.AppendData(buffer, 0, read);
    }

    private static bool IsHex(string? value, int length) => value?.Length == length && value.All(char.IsAsciiHexDigit);
}
