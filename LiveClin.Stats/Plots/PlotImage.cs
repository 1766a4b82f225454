using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>A plot that is ready to be written.</summary>
public sealed class PlotImage
{
    private readonly Plot _plot;
    private readonly string _description;
    private readonly Lock _drawing = new();

    internal PlotImage(Plot plot, int width, int height, string title, string description) => (_plot, Width, Height, Title, _description) = (plot, width, height, title, description);

    /// <summary>What it shows.</summary>
    public string Title { get; }

    /// <summary>Width in pixels at scale 1.</summary>
    public int Width { get; }

    /// <summary>Height in pixels at scale 1.</summary>
    public int Height { get; }

    /// <summary>As SVG whose text is drawn as outlines: it needs no font, and its description can be read out.</summary>
    public string ToSvg()
    {
        lock (_drawing)
        {
            _plot.ScaleFactor = 1;
            return SvgOutlines.Convert(_plot.GetSvgXml(Width, Height), Width, Height, _description);
        }
    }

    /// <summary>As PNG.</summary>
    /// <param name="scale">Pixels per unit; 2 for print and dense screens.</param>
    public byte[] ToPng(int scale = 2)
    {
        lock (_drawing)
        {
            _plot.ScaleFactor = scale;
            return _plot.GetImage(Width * scale, Height * scale).GetImageBytes(ImageFormat.Png);
        }
    }
}
