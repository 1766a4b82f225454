using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LiveClin.Core.Answers;
using LiveClin.Core.Formats;
using LiveClin.Core.Text;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Flips;

/// <summary>
/// Every question that changed side between two models, with both replies: Markdown or one HTML file that needs nothing else and runs
/// nothing.
/// </summary>
internal sealed record FlipReport
{
    /// <summary>Name of the release.</summary>
    public required string Release { get; init; }

    /// <summary>The comparison; its first and second model are those of the flips.</summary>
    public required ModelComparison Pair { get; init; }

    /// <summary>The questions, in the order of the release.</summary>
    public required ImmutableArray<Flip> Flips { get; init; }

    /// <summary>Their texts, in the same order.</summary>
    public required ImmutableArray<FlipTexts> Texts { get; init; }

    /// <summary>Whether a path names a format that can be written.</summary>
    public static bool IsKnownFormat(string path) => IsHtml(path) || path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the report as what its path ends with: <c>.md</c>, <c>.html</c> or <c>.htm</c>.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public void Write(string path)
    {
        var text = IsHtml(path) ? Html() : Markdown();
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The report as Markdown.</summary>
    public string Markdown()
    {
        var text = new StringBuilder($"# {MarkdownText.Inline(Title)}\n");
        foreach (var line in new[] { Counts, Pair.Conclusion })
            text.Append(CultureInfo.InvariantCulture, $"\n{MarkdownText.Inline(line)}\n");
        foreach (var (flip, texts) in Flips.Zip(Texts))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {MarkdownText.Inline(Heading(flip))}\n\n");
            foreach (var line in Facts(flip)) text.Append(CultureInfo.InvariantCulture, $"- {MarkdownText.Inline(line)}\n");
            if (texts.Question is not null) text.Append(CultureInfo.InvariantCulture, $"\n{MarkdownText.Block(Whole(texts))}");
            foreach (var (model, answer, reply) in Sides(flip, texts))
                text.Append(CultureInfo.InvariantCulture,
                    $"\n**{MarkdownText.Inline(Side(model, answer))}**\n\n{MarkdownText.Block(reply)}");
        }

        return text.ToString();
    }

    /// <summary>The report as HTML.</summary>
    public string Html()
    {
        var text = new StringBuilder(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Encode(Title)}</title>
            <style>{Style}</style></head><body>
            <h1>{Encode(Title)}</h1><p>{Encode(Counts)}</p><p>{Encode(Pair.Conclusion)}</p>

            """);
        foreach (var (flip, texts) in Flips.Zip(Texts))
        {
            text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Encode(Heading(flip))}</h2><ul>")
                .AppendJoin("", Facts(flip).Select(line => $"<li>{Encode(line)}</li>")).Append("</ul>\n");
            if (texts.Question is not null) text.Append("<pre>").Append(Encode(Whole(texts))).Append("</pre>\n");
            text.Append("<div class=\"sides\">");
            foreach (var (model, answer, reply) in Sides(flip, texts))
            {
                var side = answer.IsCorrect ? "right" : "wrong";
                text.Append(CultureInfo.InvariantCulture,
                    $"<article class=\"{side}\"><h3>{Encode(Side(model, answer))}</h3><pre>{Encode(reply)}</pre></article>");
            }

            text.Append("</div></section>\n");
        }

        return text.Append("</body></html>\n").ToString();
    }

    private const string Style =
        "body{font:16px/1.55 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1.25rem;color:#1f2933;background:#fff}"
        + "section{border-top:1px solid #d5dbe1;margin-top:2rem}h2{font-size:1.2rem}h3{font-size:1rem;margin:.25rem 0}"
        + "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f6f8;padding:.75rem;border-radius:.5rem;font-size:.9rem}"
        + ".sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}article{border-left:.3rem solid;padding-left:.75rem}"
        + ".right{border-color:#00805d}.wrong{border-color:#d55e00}"
        + "@media(prefers-color-scheme:dark){body{color:#e4e8ec;background:#14181d}section{border-color:#39424c}pre{background:#1f262e}}";

    private string Title => $"Questions that change side: {Pair.First} and {Pair.Second} on {Release}";

    private string Counts => string.Create(
        CultureInfo.InvariantCulture,
        $"{Flips.Length} of {Pair.FirstQuestions.Total} questions on {Pair.SharedCases} shared cases: ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{Flips.Count(f => f.IsFirstRight)} right with {Pair.First} only, {Flips.Count(f => !f.IsFirstRight)} with {Pair.Second} only.");

    private static string Heading(Flip flip) =>
        string.Create(CultureInfo.InvariantCulture, $"Case {flip.Case.Id}, question {flip.Question.Index + 1}")
            + (flip.Case.Title is { } title ? $": {title}" : "");

    private IEnumerable<string> Facts(Flip flip)
    {
        yield return $"right with {(flip.IsFirstRight ? Pair.First : Pair.Second)} only; key {flip.Question.Key}";
        if (flip.Question.Stage is { } stage) yield return $"stage: {stage}";
        if (flip.ChangesCase) yield return "the whole case changes side";
    }

    private IEnumerable<(string Model, AnswerFacts Answer, string Reply)> Sides(Flip flip, FlipTexts texts)
    {
        yield return (Pair.First, flip.First, ReplyOf(flip.First, texts.First));
        yield return (Pair.Second, flip.Second, ReplyOf(flip.Second, texts.Second));
    }

    private static string ReplyOf(AnswerFacts answer, string? reply) => reply is not null ? TextRun.Plain(reply)
        : answer.ErrorKind is { } kind ? $"(no reply: {kind})" : answer.HasReply ? "(the source does not hold the reply)" : "(not asked)";

    private static string Side(string model, AnswerFacts answer)
    {
        var outcome = answer.Outcome == Outcome.NotRun ? "not run" : answer.Outcome.ToString().ToLowerInvariant();
        return $"{model}: {(answer.Letter is { } letter ? letter.ToString() : "no letter")}, {outcome}";
    }

    private static string Whole(FlipTexts texts)
    {
        var options = texts.Options.OrderBy(option => option.Letter, StringComparer.Ordinal)
            .Select(option => $"{option.Letter}. {option.Text}");
        return TextRun.Plain(string.Join('\n', options.Prepend(texts.Question!)));
    }

    private static bool IsHtml(string path) =>
        path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase);

    private static string Encode(string text) => HtmlText.Encode(text);
}
