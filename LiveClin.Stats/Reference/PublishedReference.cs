using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Reference;

/// <summary>Families by which the published figure groups models.</summary>
public enum ModelFamily
{
    /// <summary>Proprietary: GPT and o3.</summary>
    Gpt = 0,

    /// <summary>Proprietary: Gemini.</summary>
    Gemini = 1,

    /// <summary>Proprietary: Claude.</summary>
    Claude = 2,

    /// <summary>Open, general: InternVL.</summary>
    InternVl = 3,

    /// <summary>Open, general: Qwen.</summary>
    Qwen = 4,

    /// <summary>Open, general: others.</summary>
    OtherOpen = 5,

    /// <summary>Open, medical: MedGemma.</summary>
    MedGemma = 6,

    /// <summary>Open, medical: HuatuoGPT.</summary>
    HuatuoGpt = 7,

    /// <summary>Open, medical: Lingshu.</summary>
    Lingshu = 8,
}

/// <summary>A published result.</summary>
/// <param name="Model">The model.</param>
/// <param name="Family">Its family in the figure.</param>
/// <param name="CaseAccuracy">Case accuracy, 0 to 1, given to a tenth of a percent.</param>
public sealed record PublishedModel(string Model, ModelFamily Family, double CaseAccuracy);

/// <summary>A physician line of the published figure.</summary>
/// <param name="Name">Who.</param>
/// <param name="CaseAccuracy">Case accuracy, 0 to 1.</param>
public sealed record PhysicianLine(string Name, double CaseAccuracy);

/// <summary>
/// Case accuracies on the 2025 first-half release as the LiveClin paper's results figure gives them (arXiv:2602.16747). They depend on
/// the harness and parameters used there; they are shown beside one's own results and never mixed with them.
/// </summary>
public static class PublishedReference
{
    // The sizes that the paper gives: copies in another layout have other bytes, but the same cases.
    private const int Cases = 1407, Questions = 6605;

    /// <summary>What must stand wherever these numbers are shown.</summary>
    public const string Label =
        "Published reference (LiveClin paper, arXiv:2602.16747; 2025 H1, other harness): not results of this program";

    /// <summary>The published models, in the order of the figure's families.</summary>
    public static ImmutableArray<PublishedModel> Models { get; } =
    [
        new("GPT-5", ModelFamily.Gpt, 0.355), new("o3", ModelFamily.Gpt, 0.357), new("GPT-4.1", ModelFamily.Gpt, 0.318),
        new("GPT-4.1-mini", ModelFamily.Gpt, 0.261), new("GPT-4o", ModelFamily.Gpt, 0.147), new("GPT-4o-mini", ModelFamily.Gpt, 0.148),
        new("InternVL3.5-241B", ModelFamily.InternVl, 0.344), new("InternVL3.5-38B", ModelFamily.InternVl, 0.180),
        new("InternVL3.5-8B", ModelFamily.InternVl, 0.124),
        new("Gemini 2.5 Pro", ModelFamily.Gemini, 0.337), new("Gemini 2.5 Flash", ModelFamily.Gemini, 0.190),
        new("Gemini 2.0 Flash", ModelFamily.Gemini, 0.214), new("Gemini 1.5 Pro", ModelFamily.Gemini, 0.177),
        new("Claude 3.7 Sonnet", ModelFamily.Claude, 0.256), new("Claude 3.5 Sonnet", ModelFamily.Claude, 0.273),
        new("Claude 3.5 Haiku", ModelFamily.Claude, 0.153),
        new("Lingshu-32B", ModelFamily.Lingshu, 0.201), new("Lingshu-7B", ModelFamily.Lingshu, 0.111),
        new("GLM-4V-9B", ModelFamily.OtherOpen, 0.188), new("MiMo-VL-7B", ModelFamily.OtherOpen, 0.109),
        new("Qwen2.5-VL-72B", ModelFamily.Qwen, 0.186), new("Qwen2.5-VL-32B", ModelFamily.Qwen, 0.172),
        new("Qwen2.5-VL-7B", ModelFamily.Qwen, 0.079),
        new("MedGemma-27B", ModelFamily.MedGemma, 0.156), new("MedGemma-4B", ModelFamily.MedGemma, 0.075),
        new("HuatuoGPT-V-7B", ModelFamily.HuatuoGpt, 0.092),
    ];

    /// <summary>The physician lines.</summary>
    public static ImmutableArray<PhysicianLine> Physicians { get; } = [new("Chief physician", 0.378), new("Attending physician", 0.346)];

    /// <summary>
    /// Whether the reference may stand beside results: only on the release that it was published for, whatever that is called here. It is
    /// known by its cases: as many as published, with as many questions, each under a PubMed Central number of eight digits.
    /// </summary>
    public static bool AppliesTo(ResultSet set) =>
        set.Cases.Length == Cases && set.QuestionCount == Questions && set.Cases.All(c => c.Id.Length == 8 && c.Id.All(char.IsAsciiDigit));
}
