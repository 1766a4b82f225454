using LiveClin.Core.Simulated;

namespace LiveClin.Stats.Plots;

/// <summary>Families and kinds of models by their names, as the published chart groups them.</summary>
internal static class ModelFamilies
{
    // The first that the name contains counts: medical models often carry the name of what they were made from.
    private static readonly (string[] Words, string Family, ModelGroup Group)[] Known =
    [
        (["medgemma"], "MedGemma", ModelGroup.Medical),
        (["huatuo"], "HuatuoGPT", ModelGroup.Medical),
        (["lingshu"], "Lingshu", ModelGroup.Medical),
        (["gpt-oss"], "Other", ModelGroup.OpenGeneral),
        (["gpt", "o1", "o3", "o4-"], "GPT / o-series", ModelGroup.Proprietary),
        (["gemini"], "Gemini", ModelGroup.Proprietary),
        (["claude"], "Claude", ModelGroup.Proprietary),
        (["internvl"], "InternVL", ModelGroup.OpenGeneral),
        (["qwen"], "Qwen", ModelGroup.OpenGeneral),
    ];

    private static readonly string[] Order =
        ["GPT / o-series", "Gemini", "Claude", "InternVL", "Qwen", "Other", "MedGemma", "HuatuoGPT", "Lingshu"];

    /// <summary>A family's colour, the same on every plot whatever else is drawn.</summary>
    public static ScottPlot.Color ColorOf(string? family, PlotTheme theme) =>
        Array.IndexOf(Order, family) is >= 0 and var place ? theme.SeriesColor(place) : theme.Muted;

    public static (string Family, ModelGroup Group) Of(string model, ModelKind kind)
    {
        if (kind == ModelKind.Floor) return ("Floor", ModelGroup.Floor);
        if (kind == ModelKind.Simulated) return ("Simulated examinee", ModelGroup.Simulated);
        foreach (var (words, family, group) in Known)
            if (Array.Exists(words, word => model.Contains(word, StringComparison.OrdinalIgnoreCase))) return (family, group);
        return ("Other", ModelGroup.OpenGeneral);
    }
}
