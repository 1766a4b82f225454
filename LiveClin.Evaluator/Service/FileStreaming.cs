using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace LiveClin.Evaluator.Service;

/// <summary>Sends files in chunks.</summary>
internal static class FileStreaming
{
    // Far below gRPC's limit of 4 MiB for a message, and large enough to be fast.
    private const int ChunkBytes = 256 << 10;

    /// <summary>Sends a stream's bytes; the first chunk says their type.</summary>
    public static async Task SendAsync(Stream content, string mediaType, IServerStreamWriter<HttpBody> stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkBytes];
        var first = true;
        int read;
        while ((read = await content.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellationToken)) > 0 || first)
        {
            await stream.WriteAsync(new HttpBody { ContentType = mediaType, Data = ByteString.CopyFrom(buffer, 0, read) }, cancellationToken);
            first = false;
        }
    }
}
