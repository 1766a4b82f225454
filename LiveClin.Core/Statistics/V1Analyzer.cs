using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Statistics;

/// <summary>Computes the published v1 statistics.</summary>
public static class V1Analyzer
{
    /// <summary>Analyses the cases of one results file.</summary>
    public static V1Summary Analyze(IReadOnlyCollection<V1Case> cases)
    {
        if (cases.Count == 0) return new V1Summary { Total = null };
        var all = cases.SelectMany(c => c.Mcqs).ToList();
        return new V1Summary
        {
            Total = Block(cases),
            ByRarity = [.. Blocks(cases, RarityOf).OrderBy(s => s.Name, PythonOrder)],
            ByChapter = [.. Blocks(cases, ChapterOf).OrderByDescending(s => s.Value.Questions)],
            BySubcategory = [.. cases.GroupBy(ChapterOf, StringComparer.Ordinal).OrderBy(g => g.Key, PythonOrder).Select(chapter =>
                new V1Slice<ImmutableArray<V1Slice<V1Block>>>(chapter.Key,
                    [.. Blocks(chapter, c => c.Level2 ?? "Unknown").OrderByDescending(s => s.Value.Questions)]))],
            ByStage = [.. Questions(all, m => [Labels.Stage(m.Stage)]).OrderBy(s => Labels.Stages.IndexOf(s.Name))],
            ByPosition = [.. all.GroupBy(m => m.Index).OrderBy(g => g.Key)
                .Select(g => new V1Slice<V1Questions>($"Q{g.Key + 1}", Count(g)))],
            // A type text counts once per modality, so that two CT images of one question count twice, as published.
            ByImageModality = [.. Questions(all, m => m.ImageTypes.SelectMany(t => Labels.ImageModalities(t)))
                .OrderByDescending(s => s.Value.Questions)],
            ByTableModality = [.. Questions(all, m => m.TableTypes.SelectMany(t => Labels.TableModalities(t)))
                .OrderByDescending(s => s.Value.Questions)],
        };
    }

    internal static double Ratio(int part, int whole) => whole > 0 ? PythonFormat.Round((double)part / whole, 4) : 0;

    private static Comparer<string> PythonOrder { get; } = Comparer<string>.Create(PythonFormat.Compare);

    private static string ChapterOf(V1Case @case) => @case.Level1 ?? "Unknown";

    private static string RarityOf(V1Case @case)
    {
        using var json = JsonDocument.Parse(@case.RarityJson);
        return PythonJson.Str(json.RootElement).ToLowerInvariant();
    }

    private static V1Block Block(IReadOnlyCollection<V1Case> cases) =>
        new(cases.Count, cases.Count(c => c.IsCorrect), cases.Sum(c => c.Mcqs.Length), cases.Sum(c => c.CorrectMcqs));

    private static IEnumerable<V1Slice<V1Block>> Blocks(IEnumerable<V1Case> cases, Func<V1Case, string> key) =>
        cases.GroupBy(key, StringComparer.Ordinal).Select(g => new V1Slice<V1Block>(g.Key, Block([.. g])));

    private static IEnumerable<V1Slice<V1Questions>> Questions(IEnumerable<V1Mcq> mcqs, Func<V1Mcq, IEnumerable<string>> keys) =>
        mcqs.SelectMany(m => keys(m).Select(key => (key, m))).GroupBy(pair => pair.key, pair => pair.m, StringComparer.Ordinal)
            .Select(g => new V1Slice<V1Questions>(g.Key, Count(g)));

    private static V1Questions Count(IEnumerable<V1Mcq> mcqs)
    {
        int all = 0, correct = 0, errors = 0;
        foreach (var mcq in mcqs)
        {
            all++;
            if (mcq.IsCorrect) correct++;
            if (!string.IsNullOrEmpty(mcq.Error)) errors++;
        }

        return new V1Questions(all, correct, errors);
    }
}
