using System.Text;

namespace LiveClin.Stats.Plots;

/// <summary>A file format of a plot.</summary>
/// <param name="Ending">Ending of the file's name.</param>
/// <param name="MediaType">Media type of the file.</param>
/// <param name="Write">Writes a plot.</param>
internal sealed record PlotFileFormat(string Ending, string MediaType, Func<PlotImage, byte[]> Write)
{
    /// <summary>Vectors for pages.</summary>
    public static PlotFileFormat Svg { get; } = new(".svg", "image/svg+xml", plot => Encoding.UTF8.GetBytes(plot.ToSvg()));

    /// <summary>A bitmap of two pixels per unit.</summary>
    public static PlotFileFormat Png { get; } = new(".png", "image/png", plot => plot.ToPng());

    /// <summary>Vectors for print.</summary>
    public static PlotFileFormat Pdf { get; } = new(".pdf", "application/pdf", plot => plot.ToPdf());

    /// <summary>The format of an ending; null when there is none.</summary>
    public static PlotFileFormat? Find(string ending) => Array.Find([Svg, Png, Pdf], format => format.Ending == ending);
}
