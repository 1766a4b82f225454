using System.Globalization;
using System.Text.Json;

namespace LiveClin.Benchmarks.Weaknesses;

/// <summary>What <c>controls --json</c> says of a condition.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Published">Accuracy on the changed questions as published.</param>
/// <param name="Under">The same under the condition.</param>
/// <param name="Difference">Their difference, −1 to 1.</param>
/// <param name="CorrectedP">The corrected p of the question test.</param>
/// <param name="IsTold">Whether it is told from the published way.</param>
internal sealed record EffectFigures(string Condition, double Published, double Under, double Difference, double CorrectedP, bool IsTold)
{
    /// <summary>Reads a model's effects, in the file's order.</summary>
    public static List<EffectFigures> Read(JsonElement model) =>
    [
        .. model.GetProperty("effects").EnumerateArray().Select(effect => new EffectFigures(
            effect.GetProperty("condition").GetString()!,
            Share(effect.GetProperty("published_questions")),
            Share(effect.GetProperty("questions")),
            effect.GetProperty("question_difference").GetProperty("difference").GetDouble(),
            effect.GetProperty("adjusted_question_p").GetDouble(),
            effect.GetProperty("is_told").GetBoolean())),
    ];

    /// <summary><c>60.2 → 9.8 %</c>; bold where it is told.</summary>
    public string Cell()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{100 * Published:0.0} → {100 * Under:0.0}");
        return IsTold ? $"**{text}**" : text;
    }

    private static double Share(JsonElement ratio) => (double)ratio.GetProperty("count").GetInt32() / ratio.GetProperty("total").GetInt32();
}
