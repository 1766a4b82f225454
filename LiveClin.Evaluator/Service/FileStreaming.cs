using System.Security.Cryptography;
using Google.Api;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Service;

/// <summary>Sends files in chunks; over HTTP they arrive as plain bytes.</summary>
internal static class FileStreaming
{
    // Far below gRPC's limit of 4 MiB for a message, and large enough to be fast.
    private const int ChunkBytes = 256 << 10;

    /// <summary>Sends an image if it still has its hash.</summary>
    public static async Task SendImageAsync(StoredImage image, IServerStreamWriter<HttpBody> stream, ServerCallContext context, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(image.Path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RpcErrors.Because(Code.NotFound, "IMAGE_GONE", $"{image.Path} cannot be read any more: {error.Message}");
        }

        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != image.Sha256)
            throw RpcErrors.Because(Code.NotFound, "IMAGE_GONE", $"{image.Path} has been changed since its hash was taken.");
        var headers = context.GetHttpContext().Response.Headers;
        // The address holds the content's hash. An SVG from a release must not run scripts.
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        using var content = new MemoryStream(bytes, writable: false);
        await SendAsync(content, image.MediaType, stream, cancellationToken);
    }

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
