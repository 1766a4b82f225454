using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>
/// Turns the text elements that Skia writes, for example <c>&lt;text font-size="13" x="4, 12, " y="0, "&gt;ab&lt;/text&gt;</c>, into
/// outlines: an SVG shown as an image loads no fonts, and the viewer's machine may have none. Only characters that the embedded faces
/// lack stay text.
/// </summary>
internal static class SvgOutlines
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Convert(string xml, int width, int height, string description)
    {
        var document = XDocument.Parse(xml);
        var root = document.Root!;
        foreach (var text in root.Descendants(Svg + "text").ToList())
            text.ReplaceWith(DrawnText.Meant(text.Value.Trim()) is { } meant ? Written(text, meant) : Outline(text));
        NumberClips(root);
        root.SetAttributeValue("viewBox", $"0 0 {width} {height}");
        root.SetAttributeValue("role", "img");
        root.AddFirst(new XElement(Svg + "title", description));
        return root.ToString(SaveOptions.DisableFormatting);
    }

    // Skia counts its clips through the whole process; counted from 1 in each drawing, the same numbers give the same bytes.
    private static void NumberClips(XElement root)
    {
        var names = root.Descendants(Svg + "clipPath")
            .Select((clip, index) => (Old: $"url(#{clip.Attribute("id")!.Value})", New: $"clip-{index + 1}")).ToDictionary();
        foreach (var (clip, name) in root.Descendants(Svg + "clipPath").Zip(names.Values).ToList()) clip.SetAttributeValue("id", name);
        foreach (var use in root.Descendants().Attributes("clip-path").Where(use => names.ContainsKey(use.Value)).ToList())
            use.Value = $"url(#{names[use.Value]})";
    }

    private static XElement Outline(XElement text)
    {
        var size = Number(text, "font-size", 12);
        var bold = text.Attribute("font-weight")?.Value is "bold" or "600" or "700";
        using var font = PlotFonts.Font((float)size, bold);
        var (xs, ys) = (Numbers(text, "x"), Numbers(text, "y"));
        using var outline = new SKPath();
        // Skia writes each text on a line of its own, indented.
        var glyphs = font.GetGlyphs(text.Value.Trim());
        for (var i = 0; i < glyphs.Length; i++)
        {
            using var glyph = font.GetGlyphPath(glyphs[i]);
            if (glyph is not null) outline.AddPath(glyph, At(xs, i), At(ys, i));
        }

        return new XElement(
            Svg + "path",
            text.Attributes().Where(a => a.Name.LocalName is "fill" or "fill-opacity" or "transform" or "opacity"),
            new XAttribute("d", outline.ToSvgPathData()));
    }

    // What the embedded faces lack is left to a face of the viewer's machine, in the middle of the room that was kept for it.
    private static XElement Written(XElement text, string meant)
    {
        var size = Number(text, "font-size", 12);
        using var font = PlotFonts.Font((float)size, bold: false);
        var left = At(Numbers(text, "x"), 0);
        return new XElement(
            Svg + "text",
            text.Attributes().Where(a => a.Name.LocalName is "fill" or "fill-opacity" or "transform" or "opacity"),
            new XAttribute("font-size", size), new XAttribute("font-family", "Open Sans, sans-serif"),
            new XAttribute("text-anchor", "middle"),
            new XAttribute("x", left + (font.MeasureText(text.Value.Trim()) / 2)), new XAttribute("y", At(Numbers(text, "y"), 0)), meant);
    }

    // One number stands for all glyphs that follow.
    private static float At(List<float> numbers, int index) => numbers.Count == 0 ? 0 : numbers[Math.Min(index, numbers.Count - 1)];

    private static double Number(XElement element, string name, double otherwise) =>
        double.TryParse(element.Attribute(name)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value : otherwise;

    private static List<float> Numbers(XElement element, string name) =>
        [.. (element.Attribute(name)?.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(n => float.Parse(n, CultureInfo.InvariantCulture))];
}
