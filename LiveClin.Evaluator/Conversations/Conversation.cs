using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LiveClin.Core.Prompts;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Conversations;

/// <summary>
/// One case's conversation: messages are only ever added, so each turn's request begins with the bytes of the one before.
/// </summary>
internal sealed class Conversation(ImageLibrary images)
{
    private readonly List<ChatMessage> _messages = [];

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>Adds a turn's prompt.</summary>
    /// <exception cref="IOException">An image cannot be read (any more).</exception>
    public async Task<SentPrompt> AskAsync(TurnPrompt prompt)
    {
        var uris = new List<ReadOnlyMemory<byte>>(prompt.Images.Length);
        var names = new List<string>(prompt.Images.Length);
        var files = new List<EncodedImage>();
        foreach (var image in prompt.Images)
        {
            if (image.Url is not null)
            {
                uris.Add(EncodedMessage.EncodeUrl(image.Url));
                names.Add(image.Url);
                continue;
            }

            var encoded = await images.GetAsync(image.Path!, image.MediaType!, image.IsBlank, image.Root).ConfigureAwait(false);
            uris.Add(encoded.DataUri);
            names.Add(encoded.Sha256);
            files.Add(encoded);
        }

        // The text stands in the contents for telemetry that captures messages: text only, never images.
        _messages.Add(new ChatMessage(ChatRole.User, prompt.Text) { RawRepresentation = EncodedMessage.User(prompt.Text, uris) });
        return new SentPrompt(Hash(prompt.Text, names), prompt.Text, JsonSerializer.Serialize(names, StringJson.Default.ListString), files);
    }

    /// <summary>Adds a reply, trimmed as published: the model's, or the one that a condition puts in its place.</summary>
    public void Reply(string text)
    {
        var trimmed = PythonText.Strip(text);
        _messages.Add(new ChatMessage(ChatRole.Assistant, trimmed) { RawRepresentation = EncodedMessage.Assistant(trimmed) });
    }

    private static string Hash(string text, List<string> images) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + "\n" + string.Join('\n', images))));
}

/// <summary>A prompt as it is stored.</summary>
/// <param name="Hash">SHA-256 of text and images.</param>
/// <param name="Text">The text part.</param>
/// <param name="ImagesJson">JSON array of the images' SHA-256, or URLs.</param>
/// <param name="Files">The image files behind it.</param>
internal sealed record SentPrompt(string Hash, string Text, string ImagesJson, IReadOnlyList<EncodedImage> Files);
