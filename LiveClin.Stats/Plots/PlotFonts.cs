using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace LiveClin.Stats.Plots;

/// <summary>The two embedded faces, so that plots look the same on machines without any font.</summary>
internal sealed class PlotFonts : IFontResolver
{
    public const string Family = "Open Sans";

    private static readonly SKTypeface Regular = Load("OpenSans-Regular");
    private static readonly SKTypeface SemiBold = Load("OpenSans-SemiBold");

    static PlotFonts()
    {
        Fonts.FontResolvers.Insert(0, new PlotFonts());
        Fonts.Default = Family;
    }

    /// <summary>Makes every plot use the embedded faces; later calls do nothing more.</summary>
    public static void Register() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(PlotFonts).TypeHandle);

    public static SKFont Font(float size, bool bold) => new(bold ? SemiBold : Regular, size)
    {
        Edging = SKFontEdging.Antialias,
        Subpixel = true,
        Hinting = SKFontHinting.None,
    };

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        weight >= FontWeight.SemiBold ? SemiBold : Regular;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => bold ? SemiBold : Regular;

    private static SKTypeface Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"assets/{name}.ttf")
            ?? throw new InvalidOperationException($"The font {name} is not embedded.");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"The font {name} cannot be read.");
    }
}
