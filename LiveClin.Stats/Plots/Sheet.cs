using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LiveClin.Stats.Plots;

/// <summary>What all plots are drawn on: one look, percent axes, whiskers, labels.</summary>
internal sealed class Sheet
{
    public Sheet(PlotTheme theme, string title)
    {
        PlotFonts.Register();
        Theme = theme;
        Title = DrawnText.Clean(title);
        Plot = new Plot();
        Plot.Font.Set(PlotFonts.Family);
        Plot.FigureBackground.Color = theme.Background;
        Plot.DataBackground.Color = theme.Background;
        Plot.Axes.Color(theme.Muted);
        Plot.Grid.MajorLineColor = theme.Grid;
        Plot.Grid.MinorLineColor = Colors.Transparent;
        foreach (var axis in Plot.Axes.GetAxes())
        {
            axis.FrameLineStyle.Color = theme.Grid;
            axis.MajorTickStyle.Length = 0;
            axis.MinorTickStyle.Length = 0;
            axis.TickLabelStyle.FontSize = 12;
            axis.TickLabelStyle.ForeColor = theme.Text;
            axis.Label.FontSize = 12;
            axis.Label.ForeColor = theme.Muted;
            axis.Label.Bold = false;
        }

        Plot.Axes.Top.FrameLineStyle.IsVisible = Plot.Axes.Right.FrameLineStyle.IsVisible = false;
        Plot.Axes.Right.MinimumSize = 34; // for the last number of the lower axis
        Plot.Axes.Title.Label.Text = DrawnText.Of(title);
        Plot.Axes.Title.Label.FontSize = 14;
        Plot.Axes.Title.Label.ForeColor = theme.Text;
        Plot.Axes.Title.Label.Bold = true;
        Plot.Legend.BackgroundColor = theme.Background;
        Plot.Legend.OutlineColor = theme.Grid;
        Plot.Legend.ShadowColor = Colors.Transparent;
        Plot.Legend.FontColor = theme.Text;
        Plot.Legend.FontSize = 12;
    }

    public PlotTheme Theme { get; }

    public Plot Plot { get; }

    private string Title { get; }

    /// <summary>Percent from 0 on an axis; the ticks are round.</summary>
    public void Percent(IAxis axis, double low, double high, string label)
    {
        var span = (high - low) * 100;
        var step = span switch { <= 12 => 2, <= 30 => 5, <= 60 => 10, _ => 20 };
        var ticks = new NumericManual();
        for (var value = Math.Ceiling(low * 100 / step) * step; value <= high * 100 + 1e-9; value += step)
            ticks.AddMajor(value / 100, Text(value) + " %");
        axis.TickGenerator = ticks;
        axis.Label.Text = label;
        axis.Min = low;
        axis.Max = high;
    }

    /// <summary>Names on an axis, at 0, 1, 2, …; the first on top when it is the vertical one.</summary>
    public void Names(IAxis axis, IReadOnlyList<string> names, bool downwards, int length = 34)
    {
        var ticks = new NumericManual();
        for (var i = 0; i < names.Count; i++) ticks.AddMajor(downwards ? -i : i, Short(names[i], length));
        axis.TickGenerator = ticks;
        (axis.Min, axis.Max) = downwards ? (-names.Count + 0.4, 0.6) : (-0.6, names.Count - 0.4);
    }

    /// <summary>An interval as a line with ends across.</summary>
    public void Whisker(double at, double low, double high, bool horizontal, Color color, float width = 1.4f, double cap = 0.14)
    {
        if (double.IsNaN(low) || double.IsNaN(high)) return;
        Line(low, high, at, at, horizontal, color, width);
        Line(low, low, at - cap, at + cap, horizontal, color, width);
        Line(high, high, at - cap, at + cap, horizontal, color, width);
    }

    public ScottPlot.Plottables.Text Label(string text, double x, double y, Alignment alignment, Color? color = null, float size = 11,
        float offsetX = 0, float offsetY = 0)
    {
        var label = Plot.Add.Text(DrawnText.Of(text), x, y);
        label.LabelFontColor = color ?? Theme.Muted;
        label.LabelFontSize = size;
        label.LabelAlignment = alignment;
        (label.OffsetX, label.OffsetY) = (offsetX, offsetY);
        return label;
    }

    /// <summary>The plot of this size; without data it says so.</summary>
    public PlotImage Finish(int width, int height, bool empty, string description)
    {
        if (empty)
        {
            Plot.Clear();
            Plot.HideLegend();
            Plot.HideGrid();
            foreach (var axis in Plot.Axes.GetAxes()) axis.TickGenerator = new NumericManual();
            Plot.Axes.SetLimits(0, 1, 0, 1);
            Label("Nothing to show yet", 0.5, 0.5, Alignment.MiddleCenter, size: 14);
        }

        return new PlotImage(Plot, width, height, Title, empty
            ? $"{Title}: nothing to show yet" : $"{Title}. {DrawnText.Clean(description)}");
    }

    /// <summary>A percentage without needless digits.</summary>
    public static string Text(double percent) => (Math.Round(percent, 1) + 0.0).ToString("0.#;−0.#;0", CultureInfo.InvariantCulture);

    /// <summary>
    /// A label that leaves room for the plot: of a long identifier the beginning and the end, in which models of a family differ; of
    /// words the beginning.
    /// </summary>
    public static string Short(string text, int length = 34)
    {
        var whole = DrawnText.Of(text);
        if (whole.Length <= length) return whole;
        // A code point takes the room of several characters; a short name in another script stays whole.
        if (DrawnText.Meant(whole) is not null) return whole.Length <= 2 * length ? whole : CutCodePoints(whole, 2 * length);
        var isName = !whole.Contains(' ', StringComparison.Ordinal);
        // Models of one family share the organisation as well.
        if (isName && whole.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && whole.Length - slash - 1 <= length
            && slash < whole.Length - 1) return whole[(slash + 1)..];
        var end = isName ? length / 3 : 0;
        return DrawnText.Clean($"{whole[..(length - end - 1)].TrimEnd()}…{whole[^end..]}");
    }

    // Code points are cut where they can still be read.
    private static string CutCodePoints(string text, int length)
    {
        var cut = text[..(length - 1)];
        return cut.LastIndexOf('«') > cut.LastIndexOf('»') ? cut[..cut.LastIndexOfAny([' ', '«'])] + "…" : cut + "…";
    }

    private void Line(double a1, double a2, double b1, double b2, bool horizontal, Color color, float width)
    {
        var line = horizontal ? Plot.Add.Line(a1, b1, a2, b2) : Plot.Add.Line(b1, a1, b2, a2);
        line.LineColor = color;
        line.LineWidth = width;
        line.MarkerSize = 0;
    }
}
