using ScottPlot;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>
/// A mark with corners. ScottPlot's own (5.1.59) leave their path to the collector, which may free it while Skia still draws it: that
/// ends the whole process when memory is short. These hold theirs until they are drawn.
/// </summary>
internal sealed class PathMark : IMarker
{
    private static readonly (float X, float Y)[] Diamond = [(0, -1), (1, 0), (0, 1), (-1, 0)];
    private static readonly (float X, float Y)[] Triangle = [(0, -1), (0.866f, 0.5f), (-0.866f, 0.5f)];

    private static readonly Dictionary<MarkerShape, PathMark> Marks = new()
    {
        [MarkerShape.FilledDiamond] = new PathMark(Diamond, isFilled: true),
        [MarkerShape.OpenDiamond] = new PathMark(Diamond, isFilled: false),
        [MarkerShape.FilledTriangleUp] = new PathMark(Triangle, isFilled: true),
        [MarkerShape.OpenTriangleUp] = new PathMark(Triangle, isFilled: false),
    };

    private readonly (float X, float Y)[] _corners;
    private readonly bool _isFilled;

    private PathMark((float X, float Y)[] corners, bool isFilled) => (_corners, _isFilled) = (corners, isFilled);

    /// <summary>The mark of a shape that has corners; null for circles and squares, which need no path.</summary>
    public static PathMark? Of(MarkerShape shape) => Marks.GetValueOrDefault(shape);

    public void Render(SKCanvas canvas, Paint paint, Pixel center, float size, MarkerStyle markerStyle)
    {
        using var path = new SKPath();
        path.AddPoly([.. _corners.Select(corner => new SKPoint(center.X + (corner.X * size / 2), center.Y + (corner.Y * size / 2)))],
            close: true);
        if (_isFilled) Drawing.FillPath(canvas, paint, path, markerStyle.FillStyle);
        else Drawing.DrawPath(canvas, paint, path, markerStyle.LineStyle);
    }
}
