using System.ClientModel;
using System.Text;
using System.Text.Json;
using LiveClin.Evaluator.Conversations;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Request bodies as published. Parameters stand first and the messages last, so that turn n's body, up to its closing brackets,
/// is a byte prefix of turn n+1's.
/// </summary>
internal sealed class RequestBody
{
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] End = "]}"u8.ToArray();
    private readonly byte[] _head;

    public RequestBody(string model, string parametersJson)
    {
        var fields = parametersJson[1..^1];
        var head = $"{{\"model\":{JsonSerializer.Serialize(model, StringJson.Default.String)}{(fields.Length > 0 ? "," : "")}{fields},\"messages\":[";
        _head = Encoding.UTF8.GetBytes(head);
    }

    /// <summary>The body that asks for the reply to these messages.</summary>
    public BinaryContent Create(IEnumerable<ChatMessage> messages)
    {
        var segments = new List<ArraySegment<byte>>(64) { _head };
        long length = _head.Length + End.Length;
        foreach (var message in messages)
        {
            var encoded = message.RawRepresentation as EncodedMessage ?? Encode(message);
            if (segments.Count > 1)
            {
                segments.Add(Comma);
                length++;
            }

            segments.AddRange(encoded.Segments);
            length += encoded.Length;
        }

        segments.Add(End);
        return new SegmentedContent(segments, length);
    }

    // For callers other than conversations (the vision check): plain contents of Microsoft.Extensions.AI.
    private static EncodedMessage Encode(ChatMessage message)
    {
        if (message.Role == ChatRole.Assistant) return EncodedMessage.Assistant(message.Text);
        if (message.Role != ChatRole.User) throw new NotSupportedException($"The published protocol has no '{message.Role}' messages.");
        var images = message.Contents.Select(content => content switch
        {
            DataContent data => EncodedMessage.EncodeUrl(data.Uri),
            UriContent uri => EncodedMessage.EncodeUrl(uri.Uri.OriginalString),
            _ => default,
        }).Where(uri => !uri.IsEmpty).ToList();
        return EncodedMessage.User(message.Text, images);
    }
}
