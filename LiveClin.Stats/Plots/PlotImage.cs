using ScottPlot;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>A plot that is ready to be written.</summary>
public sealed class PlotImage
{
    private readonly Plot _plot;
    private readonly string _description;
    private readonly Lock _drawing = new();

    internal PlotImage(Plot plot, int width, int height, string title, string description) =>
        (_plot, Width, Height, Title, _description) = (plot, width, height, title, description);

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
            using var image = _plot.GetImage(Width * scale, Height * scale);
            return image.GetImageBytes(ImageFormat.Png);
        }
    }

    /// <summary>
    /// As PDF of one page, drawn in vectors with the embedded faces. It holds no time of writing: the same numbers give the same bytes.
    /// </summary>
    public byte[] ToPdf()
    {
        lock (_drawing)
        {
            _plot.ScaleFactor = 1;
            // The first drawing of a plot settles its layout and leaves traces of that in a PDF.
            _plot.RenderInMemory(Width, Height);
            using var stream = new MemoryStream();
            using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata
            {
                Title = Title,
                Subject = _description,
                Creator = "LiveClin",
                RasterDpi = 300,
                EncodingQuality = 101,
            }))
            {
                _plot.Render(document.BeginPage(Width, Height), Width, Height);
                document.EndPage();
                document.Close();
            }

            return stream.ToArray();
        }
    }
}
