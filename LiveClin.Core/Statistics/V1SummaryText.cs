using LiveClin.Core.Formats;
using LiveClin.Core.Text;

namespace LiveClin.Core.Statistics;

/// <summary>The published v1 summary for the console, byte for byte; names, which come from outside, as they may be shown.</summary>
public static class V1SummaryText
{
    private const int Width = 60;
    private const int Shown = 5;
    private static readonly string Rule = new('-', Width);

    /// <summary>The summary, every line ended by a line feed.</summary>
    public static string Render(V1Meta meta, V1Summary summary)
    {
        if (summary.Total is not { } total) return "No results to summarize.\n";
        var lines = new List<string>
        {
            "", new('=', Width), $"  LiveClin Results: {ShownText.Line(meta.Model)} ({ShownText.Line(meta.Dataset)})", new('=', Width),
            $"  Question Accuracy:  {total.CorrectQuestions}/{total.Questions} ({One(total.QuestionAccuracy)})",
            $"  Case Accuracy:      {total.CorrectCases}/{total.Cases} ({One(total.CaseAccuracy)})",
            Rule,
        };
        AddTopAndBottom(lines, "Chapter", [.. summary.ByChapter]);
        AddTopAndBottom(lines, "Subcategory", [.. summary.BySubcategory.SelectMany(chapter => chapter.Value)]);
        Add(lines, "Rarity", summary.ByRarity.Select(s =>
            $"{PythonFormat.PadRight(Capitalize(ShownText.Line(s.Name)), 12)} ({Four(s.Value.Cases)} cases)  Q-Acc {One(s.Value.QuestionAccuracy)}  C-Acc {One(s.Value.CaseAccuracy)}"));
        Add(lines, "Clinical Stage", summary.ByStage.Select(s => Line(s, 30)));
        Add(lines, "Question Position", summary.ByPosition.Select(s => $"{Line(s, 6)}  Err {One(s.Value.ErrorRate)}"));
        Add(lines, "Image Modality", summary.ByImageModality.Select(s => Line(s, 20)));
        Add(lines, "Table Modality", summary.ByTableModality.Select(s => Line(s, 20)));
        lines.Add($"  Results: {ShownText.Line(meta.ImageMode ?? "?")} mode | v{ShownText.Line(meta.LiveClinVersion ?? "?")}");
        lines.Add(new string('=', Width));
        lines.Add("");
        return string.Join('\n', lines) + "\n";
    }

    private static void AddTopAndBottom(List<string> lines, string label, List<V1Slice<V1Block>> slices)
    {
        if (slices.Count == 0) return;
        var ranked = slices.OrderBy(s => s.Value.CaseAccuracy).ToList();
        var top = ranked.TakeLast(Shown).Reverse().ToList();
        lines.Add($"  By {label} (Top-{Shown} Case Accuracy):");
        lines.AddRange(top.Select(Ranked));
        lines.Add($"  By {label} (Bottom-{Shown} Case Accuracy):");
        var bottom = ranked.Take(Shown).Where(s => !top.Exists(t => t.Name == s.Name)).ToList();
        lines.AddRange(bottom.Select(Ranked));
        var more = ranked.Count - top.DistinctBy(t => t.Name).Count() - bottom.Count;
        if (more > 0) lines.Add($"    ... and {more} more");
        lines.Add(Rule);
    }

    private static void Add(List<string> lines, string label, IEnumerable<string> rows)
    {
        var found = rows.ToList();
        if (found.Count == 0) return;
        lines.Add($"  By {label}:");
        lines.AddRange(found.Select(row => "    " + row));
        lines.Add(Rule);
    }

    private static string Ranked(V1Slice<V1Block> slice)
    {
        var name = ShownText.Line(slice.Name);
        if (PythonFormat.Length(name) > 40) name = PythonFormat.Take(name, 40) + "...";
        return $"    {PythonFormat.PadRight(name, 44)} ({PythonFormat.PadLeft($"{slice.Value.Cases}", 3)} cases)  C-Acc {One(slice.Value.CaseAccuracy)}  Q-Acc {One(slice.Value.QuestionAccuracy)}";
    }

    private static string Line(V1Slice<V1Questions> slice, int width) =>
        $"{PythonFormat.PadRight(ShownText.Line(slice.Name), width)} ({Four(slice.Value.Questions)} MCQs)  Q-Acc {One(slice.Value.QuestionAccuracy)}";

    private static string Four(int count) => PythonFormat.PadLeft($"{count}", 4);

    private static string One(double ratio) => PythonFormat.Percent(ratio, 1);

    private static string Capitalize(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
}
