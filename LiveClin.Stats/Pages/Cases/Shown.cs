using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>A figure as a page shows it.</summary>
/// <param name="Name">Its name in the text and its modality; empty parts left out.</param>
/// <param name="IsSent">Whether the model is shown it.</param>
/// <param name="Sha256">Hash of its image; null when that cannot be read.</param>
/// <param name="Caption">Caption of the article, if any.</param>
public sealed record ShownFigure(string Name, bool IsSent, string? Sha256, string? Caption)
{
    internal static ShownFigure Of(Figure figure)
    {
        var name = string.Join(" · ", new[] { figure.CaptionPrefix, figure.Type }.Where(t => t.Length > 0));
        return new ShownFigure(name.Length > 0 ? name : "Figure", figure.CaptionPrefix.Length > 0 && figure.HasSha256, figure.HasSha256
            ? figure.Sha256 : null, figure.Caption.Length > 0 ? figure.Caption : null);
    }
}

/// <summary>A table as a page shows it.</summary>
/// <param name="Name">Its name in the text.</param>
/// <param name="Caption">Its caption.</param>
/// <param name="Content">Markdown; null when there is none, and the model is not shown it.</param>
public sealed record ShownTable(string Name, string Caption, string? Content)
{
    internal static ShownTable Of(Table table) => new(table.CaptionPrefix, table.Caption, table.Content.Length > 0 ? table.Content : null);
}

/// <summary>A reply as a page shows it.</summary>
public sealed record ShownReply
{
    /// <summary>The letter that the published rule found.</summary>
    public string? Letter { get; private init; }

    /// <summary>The same letter as the options were shown, where a condition changed their order; null elsewhere.</summary>
    public string? ShownLetter { get; private init; }

    /// <summary>The reply; null when there is none.</summary>
    public string? Text { get; private init; }

    /// <summary>Reasoning that was sent apart from it.</summary>
    public string? Reasoning { get; private init; }

    /// <summary>Why there is no reply.</summary>
    public string? Error { get; private init; }

    /// <summary>Duration, tokens, requests, finish reason; what is known.</summary>
    public IReadOnlyList<string> Details { get; private init; } = [];

    internal static ShownReply Of(Answer answer) => new()
    {
        Letter = answer.HasLetter ? answer.Letter : null,
        ShownLetter = answer.HasShownLetter ? answer.ShownLetter : null,
        Text = answer.HasReply ? answer.Reply : null,
        Reasoning = answer.Reasoning.Length > 0 ? answer.Reasoning : null,
        Error = answer.HasReply
            ? null : string.Join(": ",
            new[] { answer.HasErrorKind ? answer.ErrorKind : "no reply", answer.ErrorMessage }.Where(t => t.Length > 0)),
        Details = [.. DetailsOf(answer)],
    };

    private static IEnumerable<string> DetailsOf(Answer answer)
    {
        if (answer.LatencyMs > 0) yield return Shell.Show.Duration(TimeSpan.FromMilliseconds(answer.LatencyMs));
        if (answer.Usage is { HasInput: true } input)
            yield return $"{Shell.Show.Number(input.Input)} tokens in"
                + (input.HasCachedInput ? $" ({Shell.Show.Number(input.CachedInput)} cached)" : "");
        if (answer.Usage is { HasOutput: true } output) yield return $"{Shell.Show.Number(output.Output)} out";
        if (answer.Attempts > 1) yield return $"{answer.Attempts} requests";
        if (answer.HasFinishReason) yield return answer.FinishReason;
    }
}
