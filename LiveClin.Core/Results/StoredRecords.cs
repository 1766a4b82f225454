using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.Core.Answers;

namespace LiveClin.Core.Results;

/// <summary>A release as the store knows it.</summary>
/// <param name="Sha256">SHA-256 of its JSONL file.</param>
/// <param name="Name">Its name.</param>
/// <param name="JsonlPath">Where the file lay when it was last used.</param>
/// <param name="ImageRoot">Where its images lay.</param>
/// <param name="Cases">Number of cases.</param>
/// <param name="Questions">Number of questions.</param>
public sealed record StoredRelease(string Sha256, string Name, string JsonlPath, string ImageRoot, int Cases, int Questions);

/// <summary>A case's line of a stored release.</summary>
/// <param name="Ordinal">Zero-based position.</param>
/// <param name="Line">One-based line in the file.</param>
/// <param name="Id">The case's identifier.</param>
/// <param name="FileName">The published core tool's file name.</param>
/// <param name="Json">The line as it stands in the file.</param>
public sealed record StoredCase(int Ordinal, int Line, string Id, string FileName, string Json);

/// <summary>A turn's prompt.</summary>
/// <param name="Hash">SHA-256 of text and image hashes.</param>
/// <param name="Text">The user message's text.</param>
/// <param name="ImagesJson">JSON array of the SHA-256 of the images sent with it.</param>
public sealed record StoredPrompt(string Hash, string Text, string ImagesJson)
{
    /// <summary>Reads <see cref="ImagesJson"/>.</summary>
    /// <exception cref="JsonException">The text is no array of texts.</exception>
    public static string[] ReadImages(string imagesJson) =>
        JsonSerializer.Deserialize(imagesJson, StringsJson.Default.StringArray) ?? throw new JsonException("There is no array of images.");
}

/// <summary>An image that was sent.</summary>
/// <param name="Sha256">SHA-256 of the file's bytes.</param>
/// <param name="Path">Full path from which it was read.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record StoredImage(string Sha256, string Path, string MediaType, long Bytes);

/// <summary>An image as a run saw it first.</summary>
/// <param name="File">Its name in the release.</param>
/// <param name="Sha256">SHA-256 of its bytes then.</param>
/// <param name="Bytes">Its size then.</param>
/// <param name="ModifiedAt">When the file had been written last; null where that was not recorded.</param>
public sealed record RunImage(string File, string Sha256, long Bytes, DateTimeOffset? ModifiedAt);

/// <summary>Something noted about a run.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">Its kind: <c>resumed</c>, <c>version_changed</c>, <c>vision_check</c>, …</param>
/// <param name="Message">In words.</param>
public sealed record RunEvent(DateTimeOffset At, string Kind, string Message)
{
    /// <summary>Kind of the event that a run was continued at another address.</summary>
    public const string EndpointChanged = "endpoint_changed";
}

/// <summary>What became of a question.</summary>
/// <param name="CaseOrdinal">Position of the case in its release.</param>
/// <param name="QuestionIndex">Position of the question in its case.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Letter">The letter found, as the release's options have it.</param>
/// <param name="HasReply">Whether there is a reply.</param>
public sealed record StoredOutcome(int CaseOrdinal, int QuestionIndex, Outcome Outcome, string? Letter, bool HasReply);

[JsonSerializable(typeof(string[]))]
internal sealed partial class StringsJson : JsonSerializerContext;
