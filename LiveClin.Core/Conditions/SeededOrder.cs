using System.Security.Cryptography;
using System.Text;

namespace LiveClin.Core.Conditions;

/// <summary>
/// Orders that are the same on every machine: things are sorted by the SHA-256 of a text that names them, compared as ordinal
/// lower-case hexadecimal. No generator of random numbers takes part.
/// </summary>
internal static class SeededOrder
{
    /// <summary>What a thing is sorted by: the hash of its parts, joined by line feeds.</summary>
    public static string Of(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
