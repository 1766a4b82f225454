using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace LiveClin.DemoFigures.Drawing;

/// <summary>The two embedded faces, so that figures look the same on machines without any font.</summary>
internal sealed class Typefaces : IFontResolver
{
    public const string Family = "Open Sans";

    private static readonly SKTypeface Regular = Load("OpenSans-Regular");
    private static readonly SKTypeface SemiBold = Load("OpenSans-SemiBold");

    /// <summary>Makes every plot use the embedded faces and nothing of the machine's.</summary>
    public static void Register()
    {
        Fonts.FontResolvers.Insert(0, new Typefaces());
        Fonts.Default = Family;
    }

    public static SKFont Font(float size, bool bold = false) => new(bold ? SemiBold : Regular, size)
    {
        Edging = SKFontEdging.Antialias,
        Subpixel = true,
        Hinting = SKFontHinting.None,
    };

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, false);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => bold ? SemiBold : Regular;

    private static SKTypeface Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The font {name} is not embedded.");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"The font {name} cannot be read.");
    }
}
