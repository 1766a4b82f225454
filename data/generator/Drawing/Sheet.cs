using SkiaSharp;

namespace LiveClin.DemoFigures.Drawing;

/// <summary>A white sheet to draw on by hand, in pixels from the upper left corner.</summary>
internal sealed class Sheet : IDisposable
{
    private readonly SKSurface _surface;

    public Sheet(int width, int height, SKColor? background = null)
    {
        _surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Canvas.Clear(background ?? SKColors.White);
    }

    public SKCanvas Canvas => _surface.Canvas;

    public void Line(float x1, float y1, float x2, float y2, SKColor color, float width = 1.5f)
    {
        using var paint = Stroke(color, width);
        Canvas.DrawLine(x1, y1, x2, y2, paint);
    }

    public void Polyline(IEnumerable<SKPoint> points, SKColor color, float width)
    {
        using var path = new SKPath();
        path.AddPoly([.. points], close: false);
        Outline(path, color, width);
    }

    /// <summary>A shape given as SVG path data, filled and, if a width is given, outlined.</summary>
    public void Shape(string svg, SKColor fill, SKColor? line = null, float width = 1.5f)
    {
        using var path = SKPath.ParseSvgPathData(svg) ?? throw new FormatException("Not SVG path data: " + svg);
        using var paint = Fill(fill);
        Canvas.DrawPath(path, paint);
        if (line is { } color) Outline(path, color, width);
    }

    public void Curve(string svg, SKColor color, float width)
    {
        using var path = SKPath.ParseSvgPathData(svg) ?? throw new FormatException("Not SVG path data: " + svg);
        Outline(path, color, width);
    }

    public void Oval(float x, float y, float rx, float ry, SKColor fill, SKColor? line = null, float width = 1.5f)
    {
        using var paint = Fill(fill);
        Canvas.DrawOval(x, y, rx, ry, paint);
        if (line is not { } color) return;
        using var stroke = Stroke(color, width);
        Canvas.DrawOval(x, y, rx, ry, stroke);
    }

    public void Box(float x, float y, float width, float height, SKColor fill, SKColor? line = null, float lineWidth = 1.5f)
    {
        using var paint = Fill(fill);
        Canvas.DrawRect(x, y, width, height, paint);
        if (line is not { } color) return;
        using var stroke = Stroke(color, lineWidth);
        Canvas.DrawRect(x, y, width, height, stroke);
    }

    public void Text(string text, float x, float y, float size = 18, SKColor? color = null, SKTextAlign align = SKTextAlign.Left,
        bool bold = false)
    {
        using var font = Typefaces.Font(size, bold);
        using var paint = Fill(color ?? SKColors.Black);
        Canvas.DrawText(text, x, y, align, font, paint);
    }

    public byte[] Png()
    {
        using var image = _surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public void Dispose() => _surface.Dispose();

    private void Outline(SKPath path, SKColor color, float width)
    {
        using var paint = Stroke(color, width);
        Canvas.DrawPath(path, paint);
    }

    private static SKPaint Fill(SKColor color) => new() { Color = color, IsAntialias = true };

    private static SKPaint Stroke(SKColor color, float width) =>
        new()
        {
            Color = color,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            StrokeJoin = SKStrokeJoin.Round,
            StrokeCap = SKStrokeCap.Round,
        };
}
