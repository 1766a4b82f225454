using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>Finds the error that a server sent with status 200: instead of a reply, or beside the part of one that there was.</summary>
internal static class ReplyErrors
{
    // What servers write where there is no error.
    private static readonly HashSet<string> NoError =
        new(StringComparer.OrdinalIgnoreCase) { "", "0", "200", "ok", "success", "null", "none", "false", "no error", "no_error" };

    /// <summary>The error that a whole body, or an event of a stream, tells; null when it tells none.</summary>
    public static ServerError? OfRoot(JsonElement root)
    {
        if ((InField(root) ?? InField(root, "errors")) is { } error) return error;
        if (root.ValueKind != JsonValueKind.Object) return null;
        // vLLM, SGLang, Mistral: {"object":"error","message":…,"code":500} · gateways: {"code":"InternalError","message":…}
        var isError = ChatReply.TextOf(root, "object") == "error" || (IsSaid(root, "code") && IsSaid(root, "message"));
        if (isError) return ServerError.Read(root);
        // MiniMax: {"base_resp":{"status_code":1027,"status_msg":"output new_sensitive"}}; 0 is none.
        return root.TryGetProperty("base_resp", out var state) && IsSaid(state, "status_code") ? ServerError.Read(state) : null;
    }

    /// <summary>The error of a choice, which stands in it or in its message.</summary>
    public static ServerError? OfChoice(JsonElement choice) => InField(choice)
        ?? InField(choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("message", out var message) ? message : default)
        ?? InField(choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("delta", out var delta) ? delta : default);

    private static ServerError? InField(JsonElement element, string field = "error") =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out var error) && Says(error)
            ? ServerError.Read(error)
            : null;

    private static bool IsSaid(JsonElement element, string field) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out var value) && Says(value);

    // Some send the field with every reply: {"code":null,"message":null} · {"code":0,"message":""} · {"code":0,"message":"success"}
    private static bool Says(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => Says(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(Says),
        JsonValueKind.String => !NoError.Contains(value.GetString()!.Trim()) && value.GetString()!.Trim().Any(sign => sign != '0'), // 00000
        JsonValueKind.Number => !NoError.Contains(value.GetRawText()),
        JsonValueKind.True => true,
        _ => false,
    };
}
