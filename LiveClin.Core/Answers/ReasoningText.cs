using System.Buffers;

namespace LiveClin.Core.Answers;

/// <summary>Takes reasoning out of replies of models that write it between tags: <c>&lt;think&gt;…&lt;/think&gt;C</c>.</summary>
internal static class ReasoningText
{
    private static readonly (string Open, string Close)[] Tags = [("<think>", "</think>"), ("<thinking>", "</thinking>")];

    // As in AnswerExtractor: most replies have no such tag, and all are searched.
    private static readonly SearchValues<string> Word = SearchValues.Create(["think"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The reply with spaces in place of its reasoning, so that what remains keeps its index.</summary>
    public static ReadOnlySpan<char> Blank(string reply)
    {
        if (!reply.AsSpan().ContainsAny(Word)) return reply;
        var text = reply.ToCharArray();
        foreach (var (open, close) in Tags)
        {
            BlankUnopened(text, open, close);
            BlankPairs(text, open, close);
        }
        return text;
    }

    /// <summary>Chat templates that put the opening tag into the prompt leave a reply with the closing tag alone.</summary>
    private static void BlankUnopened(Span<char> text, string open, string close)
    {
        var closing = Find(text, close);
        var opening = Find(text, open);
        if (closing >= 0 && (opening < 0 || opening > closing)) text[..(closing + close.Length)].Fill(' ');
    }

    private static void BlankPairs(Span<char> text, string open, string close)
    {
        for (var rest = text; Find(rest, open) is >= 0 and var opening;)
        {
            var length = Find(rest[opening..], close);
            if (length < 0)
            {
                // Reasoning that never ended (the token limit): all of it, when the reply began with it. Elsewhere the tag is just
                // mentioned.
                if (text[..^(rest.Length - opening)].IsWhiteSpace()) text.Fill(' ');
                return;
            }
            rest.Slice(opening, length + close.Length).Fill(' ');
            rest = rest[(opening + length + close.Length)..];
        }
    }

    private static int Find(ReadOnlySpan<char> text, string tag) => text.IndexOf(tag, StringComparison.OrdinalIgnoreCase);
}
