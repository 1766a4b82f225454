using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using LiveClin.Core.Prompts;
using LiveClin.Evaluator.Images;

namespace LiveClin.Evaluator.Conversations;

/// <summary>
/// A chat message in its JSON form, as UTF-8 segments: encoded when it joins the conversation, then sent by every later turn
/// without another copy. Image segments are those of the <see cref="ImageLibrary"/>.
/// </summary>
internal sealed class EncodedMessage
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private EncodedMessage(params ReadOnlyMemory<byte>[] segments)
    {
        Segments = new ArraySegment<byte>[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            Segments[i] = MemoryMarshal.TryGetArray(segments[i], out var segment) ? segment : segments[i].ToArray();
            Length += Segments[i].Count;
        }
    }

    public ArraySegment<byte>[] Segments { get; }

    /// <summary>Length of the message in bytes.</summary>
    public long Length { get; }

    /// <summary>A user message: one text part, then one part per image.</summary>
    /// <param name="text">The text part.</param>
    /// <param name="imageUris">The images' addresses as they go on the wire, JSON-safe ASCII.</param>
    public static EncodedMessage User(string text, IReadOnlyList<ReadOnlyMemory<byte>> imageUris)
    {
        var head = new ArrayBufferWriter<byte>(text.Length + 128);
        head.Write("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"u8);
        WriteString(head, text);
        head.Write("}"u8);
        if (imageUris.Count == 0)
        {
            head.Write("]}"u8);
            return new EncodedMessage(head.WrittenMemory);
        }

        var segments = new ReadOnlyMemory<byte>[2 * imageUris.Count + 1];
        head.Write(OpenImage);
        segments[0] = head.WrittenMemory;
        for (var i = 0; i < imageUris.Count; i++)
        {
            segments[2 * i + 1] = imageUris[i];
            segments[2 * i + 2] = i + 1 < imageUris.Count ? BetweenImages : AfterImages;
        }

        return new EncodedMessage(segments);
    }

    /// <summary>An assistant message, trimmed as published.</summary>
    public static EncodedMessage Assistant(string text)
    {
        var json = new ArrayBufferWriter<byte>(text.Length + 64);
        json.Write("{\"role\":\"assistant\",\"content\":"u8);
        WriteString(json, text);
        json.Write("}"u8);
        return new EncodedMessage(json.WrittenMemory);
    }

    /// <summary>A URL as a JSON-safe segment.</summary>
    public static ReadOnlyMemory<byte> EncodeUrl(string url)
    {
        var json = new ArrayBufferWriter<byte>(url.Length + 8);
        WriteString(json, url);
        return json.WrittenMemory[1..^1]; // without the quotes, which belong to the segments around it
    }

    private static ReadOnlySpan<byte> OpenImage => ",{\"type\":\"image_url\",\"image_url\":{\"url\":\""u8;

    private static readonly byte[] BetweenImages = [.. "\"}}"u8, .. OpenImage];

    private static readonly byte[] AfterImages = "\"}}]}"u8.ToArray();

    private static void WriteString(IBufferWriter<byte> output, string text)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        writer.WriteStringValue(text);
    }
}
