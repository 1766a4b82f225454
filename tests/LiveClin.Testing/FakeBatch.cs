using System.Text.Json.Nodes;

namespace LiveClin.Testing;

/// <summary>A batch of <see cref="FakeBatchServer"/>, from its validation to its end.</summary>
internal sealed class FakeBatch(string id, string input, JsonNode? metadata, int number)
{
    public string Id => id;

    public int Number => number;

    public required List<BatchLine> Lines { get; init; }

    public string Status { get; set; } = "validating";

    public int Looked { get; set; }

    public int LookedAfter { get; set; }

    public string? Output { get; set; }

    public string? Errors { get; set; }

    public (string Code, string Message)? Error { get; set; }

    public bool HasEnded => Status is "completed" or "expired" or "cancelled" or "failed";

    public JsonObject ToJson() => new()
    {
        ["id"] = id, ["object"] = "batch", ["endpoint"] = "/v1/chat/completions", ["input_file_id"] = input, ["completion_window"] = "24h",
        ["status"] = Status,
        ["output_file_id"] = Output, ["error_file_id"] = Errors, ["created_at"] = 1714508499, ["completed_at"] = HasEnded
            ? 1714512099 : null,
        ["errors"] = Error is { } error
            ? new JsonObject { ["object"] = "list",
                ["data"] = new JsonArray(
                    new JsonObject { ["code"] = error.Code, ["message"] = error.Message, ["line"] = 1, ["param"] = null }) } : null,
        ["request_counts"] = new JsonObject { ["total"] = Lines.Count, ["completed"] = HasEnded ? Lines.Count : 0, ["failed"] = 0 },
        ["metadata"] = metadata?.DeepClone(),
    };
}
