using ScottPlot;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>A legend whose swatches are filled as the bars are, in the lower right corner of the data area.</summary>
internal sealed class SwatchLegend(IReadOnlyList<Swatch> swatches, PlotTheme theme) : IPlottable
{
    private const float Row = 19;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        if (swatches.Count == 0) return;
        using var font = PlotFonts.Font(11.5f, bold: false);
        using var text = new SKPaint { Color = theme.Text.ToSKColor(), IsAntialias = true };
        using var paper = new SKPaint { Color = theme.Background.WithAlpha(0.9).ToSKColor() };
        var width = swatches.Max(s => font.MeasureText(s.Text)) + 44;
        var height = (swatches.Count * Row) + 10;
        var (left, top) = (rp.DataRect.Right - width - 6, rp.DataRect.Bottom - height - 6);
        rp.Canvas.DrawRect(new SKRect(left, top, left + width, top + height), paper);
        for (var i = 0; i < swatches.Count; i++)
        {
            var middle = top + 5 + (i * Row) + (Row / 2);
            HatchedBars.Draw(rp.Canvas, new SKRect(left + 8, middle - 6, left + 30, middle + 6), swatches[i].Color, swatches[i].Hatch,
                theme.Background);
            rp.Canvas.DrawText(swatches[i].Text, left + 38, middle + 4, font, text);
        }
    }
}

/// <summary>An entry of a legend.</summary>
internal sealed record Swatch(string Text, Color Color, Hatch Hatch);
