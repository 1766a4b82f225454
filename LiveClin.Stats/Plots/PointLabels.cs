using ScottPlot;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>
/// Names of points, each at the nearest place where it covers neither a mark nor another name, with a line to its point when that is not
/// beside it. Points that lie on one another keep a name each; the same points always give the same picture.
/// </summary>
internal sealed class PointLabels(IReadOnlyList<PointLabel> points, PlotTheme theme, float size) : IPlottable
{
    private const float Mark = 6, Gap = 4, Step = 14;
    private const int Rows = 40;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var font = PlotFonts.Font(size, bold: false);
        using var text = new SKPaint { Color = theme.Text.ToSKColor(), IsAntialias = true };
        using var line = new SKPaint { Color = theme.Muted.WithAlpha(0.6).ToSKColor(), IsAntialias = true, StrokeWidth = 0.8f };
        using var paper = new SKPaint { Color = theme.Background.WithAlpha(0.8).ToSKColor() };
        var at = points.Select(p => new SKPoint(Axes.GetPixelX(p.X), Axes.GetPixelY(p.Y))).ToList();
        var boxes = Arrange(at, [.. points.Select(p => font.MeasureText(p.Text))],
            new SKRect(rp.DataRect.Left, rp.DataRect.Top, rp.DataRect.Right, rp.DataRect.Bottom));
        for (var i = 0; i < at.Count; i++)
        {
            var box = boxes[i];
            rp.Canvas.DrawRect(box, paper);
            if (Math.Abs(box.MidY - at[i].Y) > 1)
                rp.Canvas.DrawLine(at[i], new SKPoint(box.Left > at[i].X ? box.Left : box.Right, box.MidY), line);
            rp.Canvas.DrawText(points[i].Text, box.Left, box.MidY + (size * 0.36f), font, text);
        }
    }

    /// <summary>A place for each name.</summary>
    /// <param name="points">The points, in pixels.</param>
    /// <param name="widths">The names' widths, in pixels.</param>
    /// <param name="paper">Where names may stand.</param>
    internal static IReadOnlyList<SKRect> Arrange(IReadOnlyList<SKPoint> points, IReadOnlyList<float> widths, SKRect paper)
    {
        List<SKRect> taken = [.. points.Select(p => new SKRect(p.X - Mark, p.Y - Mark, p.X + Mark, p.Y + Mark))];
        for (var i = 0; i < points.Count; i++) taken.Add(Place(points[i], widths[i], paper, taken));
        return taken[points.Count..];
    }

    // To the right, to the left, then alternately a line higher and lower, and at last farther out.
    private static SKRect Place(SKPoint point, float width, SKRect paper, List<SKRect> taken)
    {
        for (var column = 0; column < 6; column++)
        {
            for (var row = 0; row < Rows; row++)
            {
                var y = point.Y + ((row % 2 == 0 ? 1 : -1) * ((row + 1) / 2) * Step);
                var away = Mark + Gap + (row == 0 ? 0 : Gap * 2) + (column * 60);
                foreach (var x in new[] { point.X + away, point.X - away - width })
                {
                    var box = new SKRect(x, y - (Step / 2), x + width, y + (Step / 2));
                    if (paper.Contains(box) && !taken.Exists(box.IntersectsWith)) return box;
                }
            }
        }

        return new SKRect(point.X + Mark + Gap, point.Y - (Step / 2), point.X + Mark + Gap + width, point.Y + (Step / 2));
    }
}

/// <summary>A point's name.</summary>
/// <param name="Text">The name, ready to be drawn.</param>
/// <param name="X">The point, in the plot's coordinates.</param>
/// <param name="Y">The point, in the plot's coordinates.</param>
internal sealed record PointLabel(string Text, double X, double Y);
