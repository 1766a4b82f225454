using System.Text;
using System.Text.Json;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>A line of a batch's output or error file.</summary>
/// <param name="Id">The question's name.</param>
/// <param name="Reply">The reply to its request; null where it was not made.</param>
/// <param name="Failure">Why it was not made; null where it was.</param>
internal sealed record BatchResult(string Id, HttpReply? Reply, ModelCallException? Failure)
{
    /// <summary>The API did not come to it in time.</summary>
    public const string Expired = "batch_expired";

    /// <summary>Reads a line; null when it is none.</summary>
    public static BatchResult? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            // Samples: {"custom_id":"e1-c0-q0","response":{"status_code":200,"body":{…}},"error":null}
            // · {"custom_id":"e1-c1-q0","response":null,"error":{"code":"batch_expired","message":…}}
            using var document = ReplyJson.Parse(line);
            var root = document.RootElement;
            if (ChatReply.TextOf(root, "custom_id") is not { } id) return null;
            var response = root.TryGetProperty("response", out var made) && made.ValueKind == JsonValueKind.Object ? made : default;
            // Some give the field and nothing in it where the request was not made.
            if (response.ValueKind == JsonValueKind.Object && response.TryGetProperty("body", out var body)
                && body.ValueKind is not JsonValueKind.Null)
                return new BatchResult(id, new HttpReply(StatusOf(response), BytesOf(body)), null);
            var error = root.TryGetProperty("error", out var said) && said.ValueKind == JsonValueKind.Object ? said : default;
            var kind = ChatReply.TextOf(error, "code") == Expired ? Expired : "batch_error";
            var words = ChatReply.TextOf(error, "message") ?? "The batch API says nothing about this question.";
            return new BatchResult(id, null, new ModelCallException(kind, FailureScope.Transient, ErrorText.Shorten(words)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Some write the body as a text that holds its JSON.
    private static byte[] BytesOf(JsonElement body) =>
        Encoding.UTF8.GetBytes(body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText());

    private static int StatusOf(JsonElement response) =>
        response.TryGetProperty("status_code", out var status) && status.ValueKind == JsonValueKind.Number
            && status.TryGetInt32(out var code)
            ? code : 200;
}
