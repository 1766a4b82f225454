using Google.Protobuf;
using Grpc.Core;

namespace LiveClin.Evaluator.Reading;

/// <summary>Sends files in chunks.</summary>
internal static class FileStreaming
{
    // Far below gRPC's limit of 4 MiB for a message, and large enough to be fast.
    private const int ChunkBytes = 256 << 10;

    /// <summary>Sends a stream's bytes; an empty one as one empty chunk.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="stream">Where they go.</param>
    /// <param name="chunk">Makes a message of a chunk; told whether it is the first.</param>
    /// <param name="cancellationToken">Stops sending.</param>
    public static async Task SendAsync<T>(Stream content, IServerStreamWriter<T> stream, Func<ByteString, bool, T> chunk,
        CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkBytes];
        var first = true;
        int read;
        while ((read = await content.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellationToken)) > 0 || first)
        {
            await stream.WriteAsync(chunk(ByteString.CopyFrom(buffer, 0, read), first), cancellationToken);
            first = false;
        }
    }
}
