using System.Diagnostics;
using System.IO.Compression;
using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>What came of a vision check.</summary>
/// <param name="Passed">True when the reply contains <c>yellow</c>.</param>
/// <param name="Reply">The reply; null when there was none.</param>
/// <param name="Error">Why there was none.</param>
/// <param name="Latency">How long it took.</param>
public sealed record VisionCheckResult(bool Passed, string? Reply, string? Error, TimeSpan Latency);

/// <summary>The published check that a model sees: a solid-yellow image, and the question for its dominant colour in one word.</summary>
internal sealed class VisionCheck(ModelClientFactory clients)
{
    private const string Question = "What is the dominant color of this image? Answer in one word.";
    private const int Side = 64;

    public async Task<VisionCheckResult> RunAsync(ModelEndpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var client = clients.Create(endpoint, SamplingParameters.Plain.ToJson(), timeout,
            new RetryPolicy(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        var message = new ChatMessage(ChatRole.User, [new TextContent(Question), new DataContent(YellowPng(), "image/png")]);
        var clock = Stopwatch.GetTimestamp();
        try
        {
            var response = await client.GetResponseAsync([message], cancellationToken: cancellationToken).ConfigureAwait(false);
            var passed = response.Text.Contains("yellow", StringComparison.OrdinalIgnoreCase);
            return new VisionCheckResult(passed, new KeyRedaction(endpoint.ApiKey).Of(response.Text), null,
                Stopwatch.GetElapsedTime(clock));
        }
        catch (ModelCallException failure)
        {
            return new VisionCheckResult(false, null, failure.Message, Stopwatch.GetElapsedTime(clock));
        }
    }

    /// <summary>A 64 × 64 PNG in pure yellow.</summary>
    internal static byte[] YellowPng()
    {
        var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        (header[8], header[9]) = (8, 2); // eight bits per channel, RGB
        Chunk(png, "IHDR"u8, header);
        var rows = new byte[Side * (1 + 3 * Side)]; // each row begins with its filter: none
        for (var pixel = 0; pixel < Side * Side; pixel++)
        {
            var at = pixel / Side * (1 + 3 * Side) + 1 + pixel % Side * 3;
            (rows[at], rows[at + 1]) = (255, 255);
        }

        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
