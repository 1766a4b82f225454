using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>The published sets of sampling parameters.</summary>
internal enum SamplingPreset
{
    /// <summary>core's table by model family.</summary>
    Core = 1,

    /// <summary>v1's: temperature 0 and 16,384 tokens.</summary>
    Plain = 2,
}

/// <summary>
/// What a caller says of the sampling: a preset, and values instead of the preset's own. Commands and service read it here.
/// </summary>
/// <param name="Preset">The preset; null for one that this program does not know.</param>
/// <param name="Own">The values instead of the preset's.</param>
internal sealed record SamplingChoice(SamplingPreset? Preset, SamplingParameters Own)
{
    /// <summary>How much the model may think.</summary>
    public ReasoningChoice Reasoning { get; init; } = new(null, null);

    /// <summary>How the server spells that.</summary>
    public Dialect Dialect { get; init; } = Dialect.Auto;

    /// <summary>The parameters for a model.</summary>
    /// <param name="apiId">The model's name on the wire.</param>
    /// <param name="wrong">Told of every field that is wrong, by its name in the contract, and of what would be right.</param>
    public SamplingParameters Resolve(string apiId, Action<string, string> wrong)
    {
        if (Preset is null) wrong("preset", "is not a preset that this evaluator knows.");
        if (Own.Temperature is not (null or (>= 0 and <= 2))) wrong("temperature", "must be 0 to 2.");
        if (Own.TopP is not (null or (> 0 and <= 1))) wrong("top_p", "must be above 0 and at most 1.");
        if (Own.MaxTokens is < 1) wrong("max_tokens", "must be at least 1.");
        if (ProblemOfExtraBody() is { } problem) wrong("extra_body_json", problem);
        return (Preset == SamplingPreset.Core ? PublishedSampling.For(apiId) : SamplingParameters.Plain)
            .With(Own with { ReasoningBody = Reasoning.In(Dialect, wrong) });
    }

    private string? ProblemOfExtraBody()
    {
        try
        {
            _ = new SamplingParameters { ExtraBody = Own.ExtraBody }.ToJson();
            return null;
        }
        catch (JsonException error)
        {
            return error.Message;
        }
    }
}
