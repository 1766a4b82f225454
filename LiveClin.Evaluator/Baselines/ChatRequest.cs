using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Baselines;

/// <summary>What a baseline needs of a chat completion request.</summary>
/// <param name="Model">The model asked.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="PromptTokens">A plausible count of the prompt's tokens.</param>
/// <param name="Choices">How many replies are wanted.</param>
/// <param name="Stream">True when the reply is wanted as server-sent events.</param>
/// <param name="StreamUsage">True when a stream shall end with the usage.</param>
internal sealed record ChatRequest(string Model, ImmutableArray<ChatMessage> Messages, int PromptTokens, int Choices, bool Stream,
    bool StreamUsage)
{
    private const int MostChoices = 128;

    /// <summary>The seed of the request; null when it has none.</summary>
    public long? Seed { get; private init; }

    /// <summary>The texts of the user's messages, in order.</summary>
    public ImmutableArray<string> UserMessages => [.. Messages.Where(message => message.IsUser).Select(message => message.Text)];

    /// <summary>Reads a request.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="ChatRequestException">JSON, but no chat completion request.</exception>
    public static ChatRequest Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new ChatRequestException("The body must be a JSON object.", null);
        if (!root.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String)
            throw new ChatRequestException("You must provide a model parameter.", "model");
        if (!root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() == 0)
            throw new ChatRequestException("'messages' must be a non-empty array.", "messages");

        ImmutableArray<ChatMessage> conversation = [.. messages.EnumerateArray().Select(ReadMessage)];
        var tokens = conversation.Sum(message => TokenRule.Count(message.Text, message.Images.Length));

        var stream = Flag(root, "stream");
        var usage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
            && Flag(options, "include_usage");
        return new ChatRequest(model.GetString()!, conversation, tokens, ReadChoices(root), stream, usage) { Seed = ReadSeed(root) };
    }

    private static ChatMessage ReadMessage(JsonElement message, int index)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out var role)
            || role.ValueKind != JsonValueKind.String)
            throw new ChatRequestException($"'messages[{index}].role' is missing.", $"messages[{index}].role");
        var speaker = role.GetString()!;
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
            return new ChatMessage(speaker, "", []);
        if (content.ValueKind == JsonValueKind.String) return new ChatMessage(speaker, content.GetString()!, []);
        if (content.ValueKind != JsonValueKind.Array)
            throw new ChatRequestException($"'messages[{index}].content' must be a string or an array of parts.",
                $"messages[{index}].content");

        var text = new StringBuilder();
        var images = ImmutableArray.CreateBuilder<string>();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type))
                throw new ChatRequestException($"A part of 'messages[{index}].content' has no type.", $"messages[{index}].content");
            if (type.ValueEquals("image_url"u8)) images.Add(ReadImage(part));
            else if (part.TryGetProperty("text", out var words) && words.ValueKind == JsonValueKind.String) text.Append(words.GetString());
        }

        return new ChatMessage(speaker, text.ToString(), images.ToImmutable());
    }

    // Of an image its address, or what ImageElision left of its data: data:image/sha256:5891b5…
    private static string ReadImage(JsonElement part)
    {
        if (!part.TryGetProperty("image_url", out var image)) return "";
        if (image.ValueKind == JsonValueKind.Object && image.TryGetProperty("url", out var nested)) image = nested;
        var url = image.ValueKind == JsonValueKind.String ? image.GetString()! : "";
        var data = Encoding.ASCII.GetString(ImageElision.DataUri);
        return url.StartsWith(data, StringComparison.Ordinal) ? url[data.Length..] : url;
    }

    private static int ReadChoices(JsonElement root)
    {
        if (!root.TryGetProperty("n", out var n) || n.ValueKind == JsonValueKind.Null) return 1;
        if (n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out var count) && count is >= 1 and <= MostChoices) return count;
        throw new ChatRequestException($"'n' must be a whole number from 1 to {MostChoices}.", "n");
    }

    private static long? ReadSeed(JsonElement root)
    {
        if (!root.TryGetProperty("seed", out var seed) || seed.ValueKind == JsonValueKind.Null) return null;
        if (seed.ValueKind == JsonValueKind.Number && seed.TryGetInt64(out var value)) return value;
        throw new ChatRequestException("'seed' must be a whole number.", "seed");
    }

    private static bool Flag(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var flag) || flag.ValueKind == JsonValueKind.Null) return false;
        if (flag.ValueKind is JsonValueKind.True or JsonValueKind.False) return flag.GetBoolean();
        throw new ChatRequestException($"'{name}' must be true or false.", name);
    }
}

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What is said.</param>
/// <param name="Images">
/// Its images: an address each, or <c>sha256:</c> and the hash of its bytes; empty text where neither is known.
/// </param>
internal sealed record ChatMessage(string Role, string Text, ImmutableArray<string> Images)
{
    public bool IsUser => Role == "user";

    public bool IsAssistant => Role == "assistant";
}

/// <summary>A request that cannot be answered.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="parameter">The field concerned.</param>
internal sealed class ChatRequestException(string message, string? parameter) : Exception(message)
{
    /// <summary>The field concerned.</summary>
    public string? Parameter { get; } = parameter;
}
