using ScottPlot;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>How a bar is filled, so that groups differ without colour.</summary>
public enum Hatch
{
    /// <summary>Filled.</summary>
    Solid = 0,

    /// <summary>Lines rising to the right.</summary>
    Rising = 1,

    /// <summary>Lines crossing.</summary>
    Crossed = 2,

    /// <summary>Outline only.</summary>
    Open = 3,
}

/// <summary>Horizontal bars whose hatches are lines; the library's own hatches become bitmaps in SVG.</summary>
internal sealed class HatchedBars(IReadOnlyList<HatchedBar> bars, Color background) : IPlottable
{
    private const float Spacing = 6;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    /// <summary>Half of a bar's thickness; the rows are 1 apart.</summary>
    public double Thickness { get; init; } = 0.36;

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach (var bar in bars)
        {
            var (left, right) = (Axes.GetPixelX(0), Axes.GetPixelX(bar.Value));
            var (top, bottom) = (Axes.GetPixelY(bar.Position + Thickness), Axes.GetPixelY(bar.Position - Thickness));
            Draw(rp.Canvas, new SKRect(left, top, Math.Max(right, left + 1), bottom), bar.Color, bar.Hatch, background);
        }
    }

    /// <summary>A filled rectangle; also the swatch of a legend.</summary>
    public static void Draw(SKCanvas canvas, SKRect box, Color color, Hatch hatch, Color background)
    {
        using var fill = new SKPaint { Color = (hatch == Hatch.Solid ? color : background).ToSKColor(), IsAntialias = true };
        canvas.DrawRect(box, fill);
        using var line = new SKPaint { Color = color.ToSKColor(), IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1.4f };
        if (hatch is Hatch.Rising or Hatch.Crossed)
        {
            canvas.Save();
            canvas.ClipRect(box);
            for (var x = box.Left - box.Height; x < box.Right; x += Spacing)
            {
                canvas.DrawLine(x, box.Bottom, x + box.Height, box.Top, line);
                if (hatch == Hatch.Crossed) canvas.DrawLine(x, box.Top, x + box.Height, box.Bottom, line);
            }

            canvas.Restore();
        }

        canvas.DrawRect(box, line);
    }
}

/// <summary>A bar from 0 to a value.</summary>
internal sealed record HatchedBar(double Position, double Value, Color Color, Hatch Hatch);
