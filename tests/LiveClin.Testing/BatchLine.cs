using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Testing;

/// <summary>What a batch's line gets: a status and a body, or none where the batch never came to it.</summary>
/// <param name="Status">HTTP status; 0 for a line that is left undone.</param>
/// <param name="Body">The body.</param>
public sealed record BatchLineReply(int Status, string Body)
{
    /// <summary>A completion with usage.</summary>
    public static BatchLineReply Of(string text) => new(200, new JsonObject
    {
        ["id"] = "chatcmpl-1", ["object"] = "chat.completion", ["model"] = "fake",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["finish_reason"] = "stop", ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 7, ["total_tokens"] = 107 },
    }.ToJsonString());

    /// <summary>The batch does not come to it.</summary>
    public static BatchLineReply Undone { get; } = new(0, "");
}

/// <summary>A request of a batch.</summary>
/// <param name="CustomId">Its name.</param>
/// <param name="Body">The body of the call that it makes.</param>
/// <param name="Number">How many requests came before it, over all batches.</param>
public sealed record BatchLine(string CustomId, JsonElement Body, int Number)
{
    /// <summary>The messages.</summary>
    public IReadOnlyList<JsonElement> Messages => [.. Body.GetProperty("messages").EnumerateArray()];
}
