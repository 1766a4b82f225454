using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>A case as a run really asked it, as a page shows it.</summary>
/// <param name="Condition">The run's condition.</param>
/// <param name="IsApart">Whether every question was asked in a conversation of its own.</param>
/// <param name="HasChanged">True when release or images are not any more what they were when it was asked.</param>
/// <param name="Turns">The questions, in order.</param>
public sealed record ShownAsked(string Condition, bool IsApart, bool HasChanged, IReadOnlyList<ShownTurn> Turns)
{
    /// <summary>Whether it was asked as published.</summary>
    public bool IsPublished => Condition == Core.Conditions.Condition.PublishedName;

    internal static ShownAsked Of(AskedCase asked) =>
        new(asked.Condition, asked.Apart, asked is { HasAsRecorded: true, AsRecorded: false }, [.. asked.Turns.Select(ShownTurn.Of)]);
}

/// <summary>One question as it was asked.</summary>
/// <param name="Question">Zero-based position of the question.</param>
/// <param name="Text">The text, word for word.</param>
/// <param name="Images">What was sent with it.</param>
/// <param name="ForcedReply">What stands in the conversation in place of the model's reply; null for that reply itself.</param>
/// <param name="Letters">The options' letters as shown and in the release, place by place; empty when they are the same.</param>
/// <param name="Key">The key as shown.</param>
public sealed record ShownTurn(
    int Question, string Text, IReadOnlyList<ShownImage> Images, string? ForcedReply,
    IReadOnlyList<(string Shown, string Published)> Letters, string Key)
{
    internal static ShownTurn Of(AskedTurn turn) => new(
        turn.QuestionIndex, turn.Text, [.. turn.Images.Select(ShownImage.Of)], turn.HasForcedReply ? turn.ForcedReply : null,
        [.. turn.Options.Select(option => option.Letter).Zip(turn.PublishedLetters)], turn.Key);
}

/// <summary>An image as it was sent.</summary>
/// <param name="File">The name that the release gives it.</param>
/// <param name="Sha256">Hash of its file; null when that cannot be read.</param>
/// <param name="IsBlank">Whether grey of its size was sent in its place.</param>
/// <param name="Width">Width of the grey in pixels; 0 where unknown.</param>
/// <param name="Height">Height of the grey in pixels; 0 where unknown.</param>
/// <param name="Url">Its address, where that was sent.</param>
public sealed record ShownImage(string File, string? Sha256, bool IsBlank, int Width, int Height, string? Url)
{
    internal static ShownImage Of(AskedImage image) => new(
        image.File, image.HasSha256 ? image.Sha256 : null, image.Blank, image.Width, image.Height, image.HasUrl ? image.Url : null);
}
