using System.Collections.Immutable;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Reports;

namespace LiveClin.Stats.Plots;

/// <summary>The plots of what scores are made of, by name; pages, reports and other programs draw them here.</summary>
public static class ControlPlots
{
    private const string One = "controls", All = "controls-models";

    /// <summary>All names; <c>controls</c> is about the first of the models given that was asked under a condition.</summary>
    public static ImmutableArray<string> Names { get; } = [One, All];

    /// <summary>Draws a plot.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="board">What the scores are made of.</param>
    /// <param name="models">Models to show, by name; null or empty for all.</param>
    /// <param name="theme">Colours.</param>
    /// <returns>The plot; null when there is none of this name.</returns>
    public static PlotImage? Draw(string name, ControlBoard board, IReadOnlyCollection<string>? models, PlotTheme theme)
    {
        ArgumentNullException.ThrowIfNull(board);
        var shown = board.Models.Where(model => models is not { Count: > 0 } || models.Contains(model.Model)).ToImmutableArray();
        return name switch
        {
            One => Steps(shown.FirstOrDefault(model => !model.Effects.IsEmpty) ?? shown.FirstOrDefault(), theme),
            All => Matrix(new ControlBoard(shown), theme),
            _ => null,
        };
    }

    /// <summary>The plots of a report, for paper: all models, and each that was asked under a condition.</summary>
    public static IEnumerable<ReportPlot> ForReport(ControlBoard board) =>
        DrawAll(board).Select(drawn =>
            new ReportPlot(drawn.Name, drawn.Plot.Title, drawn.Plot.ToSvg(), drawn.Plot.ToPng(), drawn.Plot.ToPdf()));

    /// <summary>The same as they are drawn, with the names of their files.</summary>
    internal static IEnumerable<(string Name, PlotImage Plot)> DrawAll(ControlBoard board)
    {
        if (!board.HasEffects) yield break;
        yield return (All, Matrix(board, PlotTheme.Light));
        foreach (var (place, model) in board.Models.Where(model => !model.Effects.IsEmpty).Index())
            yield return ($"{One}-{place + 1}", Steps(model, PlotTheme.Light));
    }

    private static PlotImage Steps(ModelControls? model, PlotTheme theme) => ControlPlot.Draw(
        model is null ? [] :
        [
            new ControlBar("published", model.Questions.Mean, model.QuestionInterval.Low, model.QuestionInterval.High, double.NaN,
                IsTold: false),
            .. model.Steps.Where(step => step.Effect is { Questions.Total: > 0 }).Select(step => step.Effect!)
                .Select(effect => new ControlBar(
                effect.Condition, effect.Questions.Value, effect.QuestionInterval.Low, effect.QuestionInterval.High,
                effect.PublishedQuestions.Value, effect.IsTold)),
        ],
        model?.Floor is { } floor ? (floor.Floor.Name, floor.FloorAccuracy) : null,
        $"What the score is made of: {model?.Model}", theme);

    private static PlotImage Matrix(ControlBoard board, PlotTheme theme)
    {
        var models = board.Models.Where(model => !model.Effects.IsEmpty).ToList();
        string[] conditions =
            ["published", .. board.Conditions.Where(condition => models.Exists(model => model.Step(condition)?.Effect is not null))];
        var values = new double[models.Count, conditions.Length];
        for (var m = 0; m < models.Count; m++)
        {
            for (var c = 0; c < conditions.Length; c++)
                values[m, c] = c == 0 ? models[m].Questions.Mean : models[m].Step(conditions[c])?.Effect?.Questions.Value ?? double.NaN;
        }

        return HeatMapPlot.Draw(models.ConvertAll(model => model.Model), conditions, values,
            "Question accuracy under each condition, in percent", theme);
    }
}
