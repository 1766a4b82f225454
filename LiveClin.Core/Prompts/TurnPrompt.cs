using System.Collections.Immutable;

namespace LiveClin.Core.Prompts;

/// <summary>How images travel to the model.</summary>
public enum ImageMode
{
    /// <summary>As data URIs read from the image root.</summary>
    Local = 0,

    /// <summary>As the URLs given in the release.</summary>
    Url = 1,
}

/// <summary>What the model is sent for one question: a text part, then one part per image.</summary>
/// <param name="QuestionIndex">Zero-based position of the question in its case.</param>
/// <param name="Text">The text part.</param>
/// <param name="Images">Images in the order in which they are sent; the scenario's come first in turn 0.</param>
public sealed record TurnPrompt(int QuestionIndex, string Text, ImmutableArray<PromptImage> Images)
{
    /// <summary>True when the other one sends the same text and images.</summary>
    public bool SendsSameAs(TurnPrompt other) => other is not null && Text == other.Text && Images.SequenceEqual(other.Images);
}

/// <summary>An image of a prompt: a local file or a URL.</summary>
/// <param name="File">The name given in the release.</param>
/// <param name="Path">Full path, in local mode.</param>
/// <param name="MediaType">Media type, in local mode.</param>
/// <param name="Url">Address, in URL mode.</param>
public sealed record PromptImage(string? File, string? Path, string? MediaType, string? Url)
{
    /// <summary>True when grey of the same size is sent in its place.</summary>
    public bool IsBlank { get; init; }

    /// <summary>The real path of the folder below which the file must lie when it is opened; null for anywhere.</summary>
    public string? Root { get; init; }
}

/// <summary>An image file found below the image root.</summary>
/// <param name="Path">Full path.</param>
/// <param name="MediaType">Media type by its extension; null when unknown.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ImageFile(string Path, string? MediaType, long Bytes)
{
    /// <summary>The real path of the folder below which it was found; null where that does not matter.</summary>
    public string? Root { get; init; }

    /// <summary>The published limit of a data URI, in characters: 20 MiB.</summary>
    public const long MaxDataUriLength = 20L * 1024 * 1024;

    /// <summary>Length of this file as a data URI, in characters.</summary>
    public long DataUriLength => "data:".Length + (MediaType?.Length ?? 0) + ";base64,".Length + (Bytes + 2) / 3 * 4;

    /// <summary>True when the published tools send it: its media type is known and its data URI is not over the limit.</summary>
    public bool CanBeSent => MediaType is not null && DataUriLength <= MaxDataUriLength;
}
