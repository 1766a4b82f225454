using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LiveClin.Core.Results;

/// <summary>
/// By what a stored reply is told from what a broken disk or another program made of it. No protection against who means to forge it.
/// </summary>
internal static class ReplyChecksum
{
    /// <summary>The checksum of a reply (XxHash64 of its UTF-16); null where there is none.</summary>
    public static long? Of(string? reply) =>
        reply is null ? null : unchecked((long)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(reply.AsSpan())));
}
