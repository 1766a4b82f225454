using LiveClin.Core.Simulated;
using System.Collections.Immutable;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Items;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Reference;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Slices;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Plots;

/// <summary>The plots of a result set by name; pages, reports and other programs draw them here.</summary>
public static class ResultPlots
{
    // More differences than these would not fit on a page.
    private const int MostDifferences = 60;

    private static readonly ImmutableDictionary<string, Func<ResultSet, PriceTable, PlotTheme, PlotImage>> Drawn =
        new Dictionary<string, Func<ResultSet, PriceTable, PlotTheme, PlotImage>>
    {
        ["case-accuracy"] = (set, _, theme) => CaseAccuracy(set, theme),
        ["published"] = (_, _, theme) => Published(theme),
        ["forest"] = (set, _, theme) => Forest(set, theme),
        ["heat-map"] = (set, _, theme) => HeatMap(set, theme),
        ["position"] = (set, _, theme) => Position(set, theme),
        ["modality"] = (set, _, theme) => Modality(set, theme),
        ["difficulty"] = (set, _, theme) =>
            DifficultyPlot.Draw([.. ItemAnalysis.Of(set).Items.Select(i => i.Correct.Value).Where(double.IsFinite)],
            "Questions by how many models solve them", theme),
        ["cost"] = Cost,
        ["letters"] = (set, _, theme) => Letters(set, theme),
        ["calibration"] = (set, _, theme) => Calibration(set, theme),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>All names; <c>letters</c> and <c>calibration</c> are about the first of the models given.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Drawn.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The names of what can be drawn of a set: the published reference only of its own release.</summary>
    public static IEnumerable<string> NamesFor(ResultSet set) => PublishedReference.AppliesTo(set) ? Names : Names.Remove("published");

    /// <summary>Draws a plot.</summary>
    /// <param name="name">One of <see cref="NamesFor"/>.</param>
    /// <param name="set">The results.</param>
    /// <param name="models">Models to show, by name; null or empty for all.</param>
    /// <param name="prices">Prices, for <c>cost</c>.</param>
    /// <param name="theme">Colours.</param>
    /// <returns>The plot; null when there is none of this name.</returns>
    public static PlotImage? Draw(string name, ResultSet set, IReadOnlyCollection<string>? models, PriceTable prices, PlotTheme theme) =>
        NamesFor(set).Contains(name)
            ? Drawn[name](models is { Count: > 0 } ? set.WithModels(m => models.Contains(m.Model)) : set, prices, theme) : null;

    /// <summary>The plots of a report, for paper.</summary>
    public static IEnumerable<ReportPlot> ForReport(ResultSet set, PriceTable prices) => DrawAll(set, prices)
        .Select(drawn => new ReportPlot(drawn.Name, drawn.Plot.Title, drawn.Plot.ToSvg(), drawn.Plot.ToPng(), drawn.Plot.ToPdf()));

    /// <summary>The same as they are drawn, with the names of their files.</summary>
    internal static IEnumerable<(string Name, PlotImage Plot)> DrawAll(ResultSet set, PriceTable prices) =>
        NamesFor(set).Select(name => (name, Draw(name, set, null, prices, PlotTheme.Light)!));

    private static PlotImage CaseAccuracy(ResultSet set, PlotTheme theme) => CaseAccuracyPlot.Draw(
        [.. Leaderboard.Of(set).Rows.Select(r =>
        {
            var (family, group) = ModelFamilies.Of(r.Ledger.Model.Model, r.Ledger.Model.Kind);
            return new AccuracyBar(r.Ledger.Model.Model, r.Ledger.Cases.Value, r.CaseInterval.Low, r.CaseInterval.High, family, group);
        })],
        PublishedReference.AppliesTo(set) ? Physicians() : [], $"Case accuracy on {set.Release}", theme);

    // The published numbers come without counts, so without intervals.
    private static PlotImage Published(PlotTheme theme) => CaseAccuracyPlot.Draw(
        [.. PublishedReference.Models.OrderByDescending(m => m.CaseAccuracy).Select(m =>
        {
            var (family, group) = ModelFamilies.Of(m.Model, ModelKind.Model);
            return new AccuracyBar(m.Model, m.CaseAccuracy, double.NaN, double.NaN, family, group);
        })], Physicians(), "Published reference, 2025 H1 (arXiv:2602.16747): not results of this program", theme);

    private static IReadOnlyList<ReferenceLine> Physicians() =>
        [.. PublishedReference.Physicians.Select(p => new ReferenceLine(p.Name, p.CaseAccuracy))];

    private static PlotImage Forest(ResultSet set, PlotTheme theme) => ForestPlot.Draw(
        [.. ComparisonTable.Of(set).Pairs.Where(p => p.SharedCases > 0).Take(MostDifferences).Select(p => new Difference(
            p.First, p.Second, p.Cases.Difference, p.Cases.Interval().Low, p.Cases.Interval().High, p.TellsCasesApart))],
        "Differences of case accuracy, with 95 % intervals", theme);

    private static PlotImage HeatMap(ResultSet set, PlotTheme theme)
    {
        var models = InOrder(set);
        var slices = Cut(set, models, SliceDimension.Chapter);
        var chapters = slices.SelectMany(s => s.Keys).Distinct().OrderBy(FirstNumber).ThenBy(c => c, StringComparer.Ordinal).ToList();
        var values = new double[models.Count, chapters.Count];
        for (var m = 0; m < models.Count; m++)
            for (var c = 0; c < chapters.Count; c++)
                values[m, c] = slices[m].TryGetValue(chapters[c], out var slice) ? slice.Questions.Value : double.NaN;
        // "Chapter 10: Diseases of …" says the same ten letters sixteen times.
        var names = chapters.ConvertAll(c => c.StartsWith("Chapter ", StringComparison.Ordinal) ? c["Chapter ".Length..] : c);
        return HeatMapPlot.Draw(models.ConvertAll(m => m.Model), names, values, "Question accuracy by chapter, in percent", theme);
    }

    // "Chapter 10: …" comes after "Chapter 9: …", also where no culture data is installed.
    private static int FirstNumber(string name) =>
        int.TryParse(string.Concat(name.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)),
            System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    private static PlotImage Position(ResultSet set, PlotTheme theme)
    {
        var models = InOrder(set);
        var slices = Cut(set, models, SliceDimension.Position);
        var places = slices.SelectMany(s => s.Keys).Distinct().OrderBy(n => n.Length).ThenBy(n => n, StringComparer.Ordinal).ToList();
        return CurvePlot.Draw(
            [.. models.Select((m, i) =>
                new Curve(m.Model, [.. slices[i]
                .Values.Select(s => new CurvePoint(places.IndexOf(s.Name), s.Questions.Value, s.Interval.Low, s.Interval.High))
                .OrderBy(p => p.Place)]))],
            places, "Question accuracy by position in the case", "position of the question", theme);
    }

    private static PlotImage Modality(ResultSet set, PlotTheme theme)
    {
        var models = InOrder(set);
        var slices = Cut(set, models, SliceDimension.ImageModality);
        var groups = slices.SelectMany(s => s.Values).GroupBy(s => s.Name).Select(g => (Name: g.Key, Count: g.Max(s => s.Questions.Total)))
            .OrderByDescending(g => g.Count).ThenBy(g => g.Name, StringComparer.Ordinal);
        return GroupedBarsPlot.Draw(
            models.ConvertAll(m => m.Model),
            [.. groups.Select(g =>
                new ShareGroup(g.Name, g.Count,
                [.. slices.Select(s => s.TryGetValue(g.Name, out var x)
                ? new Share(x.Questions.Value, x.Interval.Low, x.Interval.High) : new Share(double.NaN, double.NaN, double.NaN))]))],
            "Question accuracy by image modality", theme);
    }

    // Money where prices are set for every model; else tokens; else time.
    private static PlotImage Cost(ResultSet set, PriceTable prices, PlotTheme theme)
    {
        var rows = Leaderboard.Of(set).Rows;
        var costs = rows.Select(r => CostSummary.Of(set, r.Ledger.Model, prices[r.Ledger.Model.Model])).ToList();
        var (axis, of) = costs.FirstOrDefault(c => c.Cost is not null) is { } priced
            ? ($"cost per case, {priced.Currency}", (Func<CostSummary, double?>)(c => c.Cost))
            : costs.Any(c => c.OutputTokens > 0) ? ("completion tokens per case", c => c.OutputTokens)
            : ("seconds of answering per case, mean", c => c.CaseMs?.Mean / 1000);
        var perCase = axis.StartsWith("seconds", StringComparison.Ordinal);
        return CostPlot.Draw(
            [.. rows.Select((r, i) => new CostPoint(
                r.Ledger.Model.Model, of(costs[i]) is { } cost ? cost / (perCase ? 1 : Math.Max(1, r.Ledger.Cases.Total)) : double.NaN,
                r.Ledger.Cases.Value, r.CaseInterval.Low, r.CaseInterval.High, r.Ledger.Model.Kind != ModelKind.Model,
                ModelFamilies.Of(r.Ledger.Model.Model, r.Ledger.Model.Kind).Family))],
            axis, "Case accuracy against cost", theme);
    }

    private static PlotImage Letters(ResultSet set, PlotTheme theme)
    {
        if (InOrder(set) is not [var model, ..]) return LetterPlot.Draw([], "Letters chosen and correct", theme);
        var letters = LetterBias.Of(set, model).Letters;
        double total = Math.Max(1, letters.Sum(l => l.Key));
        return LetterPlot.Draw([.. letters.Select(l => new LetterShare(l.Letter.ToString(), l.Chosen / total, l.Key / total))],
            $"Letters chosen and correct: {model.Model}", theme);
    }

    private static PlotImage Calibration(ResultSet set, PlotTheme theme)
    {
        if (InOrder(set) is not [var model, ..]) return CalibrationPlot.Draw([], "Case accuracy by chapter against independence", theme);
        var chapters = set.Cases.Where(c => model.Covers[c.Index]).GroupBy(c => c.Chapter ?? "unknown").Select(chapter =>
        {
            var inside = chapter.Select(c => c.Index).ToHashSet();
            var part = Independence.Of(set, model with
            {
                Covers = [.. model.Covers.Select((covered, i) => covered && inside.Contains(i))],
            });
            var interval = Wilson.Interval(part.Observed);
            return new CalibrationPoint(chapter.Key.Split(':')[0], part.Expected, part.Observed.Value, interval.Low, interval.High);
        });
        return CalibrationPlot.Draw([.. chapters], $"Case accuracy by chapter against independence: {model.Model}", theme);
    }

    private static List<Dictionary<string, Slice>> Cut(ResultSet set, List<ModelResults> models, SliceDimension dimension) =>
        models.ConvertAll(m => Slicer.Cut(set, m, dimension).ToDictionary(s => s.Name, StringComparer.Ordinal));

    private static List<ModelResults> InOrder(ResultSet set) => [.. Leaderboard.Of(set).Rows.Select(r => r.Ledger.Model)];
}
