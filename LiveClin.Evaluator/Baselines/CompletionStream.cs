using System.Text.Json;

namespace LiveClin.Evaluator.Baselines;

/// <summary>
/// Writes a completion as the API streams it: server-sent events with the role, the text, the end, and the usage if asked for.
/// </summary>
internal static class CompletionStream
{
    public static async Task WriteAsync(Stream output, Completion completion, bool withUsage, CancellationToken cancellationToken)
    {
        var chunk = completion with { Object = "chat.completion.chunk", Usage = null };
        foreach (var choice in completion.Choices)
        {
            await SendAsync(new Choice(choice.Index, null, new Message("assistant", ""), null));
            await SendAsync(new Choice(choice.Index, null, new Message(null, choice.Message!.Content), null));
            await SendAsync(new Choice(choice.Index, null, new Message(null, null), choice.FinishReason));
        }

        if (withUsage) await WriteEventAsync(chunk with { Choices = [], Usage = completion.Usage });
        await output.WriteAsync("data: [DONE]\n\n"u8.ToArray(), cancellationToken);

        Task SendAsync(Choice choice) => WriteEventAsync(chunk with { Choices = [choice] });

        async Task WriteEventAsync(Completion part)
        {
            await output.WriteAsync("data: "u8.ToArray(), cancellationToken);
            await output.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(part, WireFormat.Default.Completion), cancellationToken);
            await output.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
    }
}
