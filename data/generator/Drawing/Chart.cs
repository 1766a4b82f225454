using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace LiveClin.DemoFigures.Drawing;

/// <summary>The common look of the plots, and the few shapes that all of them need.</summary>
internal static class Chart
{
    public static readonly Color Blue = Color.FromHex("#1f5fa8");
    public static readonly Color Red = Color.FromHex("#c0392b");
    public static readonly Color Green = Color.FromHex("#2e7d4f");
    public static readonly Color Grey = Color.FromHex("#7a7f87");
    public static readonly Color Orange = Color.FromHex("#c77700");

    public static Plot New(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set(Typefaces.Family);
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Title.Label.FontSize = 19;
        plot.XLabel(x);
        plot.YLabel(y);
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.Label.FontSize = 17;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = 15;
            axis.MinorTickStyle.Length = 0;
        }
        // Equal margins: stacked panels line up, and labels keep clear of the numbers.
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = 92;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(.10);
        plot.Legend.FontSize = 15;
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    public static Scatter Curve(this Plot plot, double[] xs, double[] ys, Color color, string? name = null, float marker = 0,
        float width = 2.5f)
    {
        var scatter = plot.Add.Scatter(xs, ys);
        scatter.Color = color;
        scatter.LineWidth = width;
        scatter.MarkerSize = marker;
        if (name is not null) scatter.LegendText = name;
        return scatter;
    }

    public static Scatter Dashed(this Scatter scatter)
    {
        scatter.LinePattern = LinePattern.Dashed;
        return scatter;
    }

    public static void Note(this Plot plot, string text, double x, double y, Color? color = null, Alignment align = Alignment.MiddleLeft)
    {
        var note = plot.Add.Text(text, x, y);
        note.LabelFontColor = color ?? Colors.Black;
        note.LabelFontSize = 15;
        note.LabelAlignment = align;
    }

    /// <summary>A shaded span of the horizontal axis with its name at the top.</summary>
    public static void Period(this Plot plot, double from, double to, string name, double top, Color color)
    {
        var span = plot.Add.HorizontalSpan(from, to);
        span.FillColor = color.WithAlpha(.12);
        span.LineColor = Colors.Transparent;
        plot.Note(name, (from + to) / 2, top, color, Alignment.UpperCenter);
    }

    public static void Ticks(this IAxis axis, params double[] values) => axis.Ticks(values, v => v.ToString("0.##", null));

    /// <summary>Ticks at chosen places, for axes that show a function of the value (logarithms).</summary>
    public static void Ticks(this IAxis axis, double[] values, Func<double, string> label, Func<double, double>? place = null) =>
        axis.TickGenerator = new NumericManual([.. values.Select(v => place is null ? v : place(v))], [.. values.Select(label)]);

    /// <summary>An axis that shows powers and their parts on a scale of base-ten logarithms.</summary>
    public static void LogTicks(this IAxis axis, params double[] values) => axis.Ticks(values, v => v.ToString("0.##", null), Math.Log10);

    /// <summary>The second vertical axis, on the right.</summary>
    public static IYAxis Right(this Plot plot, string label, Color color, double bottom, double top)
    {
        var axis = plot.Axes.Right;
        axis.Label.Text = label;
        axis.Label.ForeColor = color;
        axis.TickLabelStyle.ForeColor = color;
        axis.TickGenerator = new NumericAutomatic();
        axis.MinimumSize = axis.MaximumSize = 76;
        axis.Min = bottom;
        axis.Max = top;
        return axis;
    }

    public static byte[] Png(this Plot plot, int width = 900, int height = 560) => Stack(width, height, (plot, 1));

    /// <summary>Several plots above each other, each with its share of the height.</summary>
    public static byte[] Stack(int width, int height, params (Plot Plot, double Share)[] panels)
    {
        using var sheet = new Sheet(width, height);
        float y = 0;
        foreach (var (plot, share) in panels)
        {
            var bottom = MathF.Round(y + (float)(height * share));
            // A plot clears all it is allowed to paint on, so it gets its panel only.
            sheet.Canvas.Save();
            sheet.Canvas.ClipRect(new SKRect(0, y, width, bottom));
            plot.Render(sheet.Canvas, new PixelRect(0, width, bottom, y));
            sheet.Canvas.Restore();
            y = bottom;
        }
        return sheet.Png();
    }
}
