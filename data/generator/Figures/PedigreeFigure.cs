using LiveClin.DemoFigures.Drawing;
using SkiaSharp;

namespace LiveClin.DemoFigures.Figures;

/// <summary>
/// An X-linked family: sons of carrier women are ill, no man passes the disease to a son, all daughters of ill men are carriers.
/// </summary>
internal static class PedigreeFigure
{
    private const float Half = 22;

    private enum State { Healthy, Carrier, Ill }

    public static byte[] Draw()
    {
        using var sheet = new Sheet(960, 620);
        foreach (var (name, y) in new[] { ("I", 90f), ("II", 260f), ("III", 430f) }) sheet.Text(name, 22, y + 8, 24, bold: true);

        Couple(sheet, 440, 540, 90, 170, [150, 330, 510, 720], 260);
        Man(sheet, 440, 90, State.Healthy, "1");
        Woman(sheet, 540, 90, State.Carrier, "2");

        Couple(sheet, 150, 240, 260, 345, [110, 195, 280], 430);
        Man(sheet, 150, 260, State.Ill, "1", "dialysis at 27");
        Woman(sheet, 240, 260, State.Healthy, "2");
        Man(sheet, 330, 260, State.Ill, "3", "dialysis at 24");
        Couple(sheet, 510, 600, 260, 345, [430, 515, 600], 430);
        Woman(sheet, 510, 260, State.Carrier, "4");
        Man(sheet, 600, 260, State.Healthy, "5");
        Couple(sheet, 720, 810, 260, 345, [725, 805], 430);
        Woman(sheet, 720, 260, State.Carrier, "6");
        Man(sheet, 810, 260, State.Healthy, "7");

        Woman(sheet, 110, 430, State.Carrier, "1");
        Woman(sheet, 195, 430, State.Carrier, "2");
        Man(sheet, 280, 430, State.Healthy, "3");
        Woman(sheet, 430, 430, State.Healthy, "4");
        Man(sheet, 515, 430, State.Ill, "5");
        Man(sheet, 600, 430, State.Ill, "6");
        Man(sheet, 725, 430, State.Healthy, "7");
        Man(sheet, 805, 430, State.Ill, "8");
        Arrow(sheet, 515 - Half, 430 + Half);
        Key(sheet, 565);
        return sheet.Png();
    }

    private static void Couple(Sheet sheet, float first, float second, float y, float bar, float[] children, float childY)
    {
        var middle = (first + second) / 2;
        sheet.Line(first, y, second, y, SKColors.Black, 2);
        sheet.Line(middle, y, middle, bar, SKColors.Black, 2);
        sheet.Line(Math.Min(middle, children.Min()), bar, Math.Max(middle, children.Max()), bar, SKColors.Black, 2);
        foreach (var child in children) sheet.Line(child, bar, child, childY, SKColors.Black, 2);
    }

    private static void Man(Sheet sheet, float x, float y, State state, string number, string? note = null)
    {
        sheet.Box(x - Half, y - Half, 2 * Half, 2 * Half, state == State.Ill ? SKColors.Black : SKColors.White, SKColors.Black, 2.5f);
        Names(sheet, x, y, number, note);
    }

    private static void Woman(Sheet sheet, float x, float y, State state, string number)
    {
        sheet.Oval(x, y, Half, Half, state == State.Ill ? SKColors.Black : SKColors.White, SKColors.Black, 2.5f);
        if (state == State.Carrier) sheet.Oval(x, y, 6, 6, SKColors.Black);
        Names(sheet, x, y, number, null);
    }

    private static void Names(Sheet sheet, float x, float y, string number, string? note)
    {
        sheet.Text(number, x + Half + 6, y + Half, 16);
        if (note is not null) sheet.Text(note, x + Half, y + Half + 20, 16, align: SKTextAlign.Right);
    }

    private static void Arrow(Sheet sheet, float x, float y)
    {
        sheet.Line(x - 32, y + 32, x - 4, y + 4, SKColors.Black, 3);
        sheet.Shape(FormattableString.Invariant($"M{x - 2} {y + 2} l-16 5 l11 11 z"), SKColors.Black);
    }

    private static void Key(Sheet sheet, float y)
    {
        sheet.Box(80, y - 14, 28, 28, SKColors.Black);
        sheet.Text("kidney failure, or haematuria with proteinuria", 120, y + 6, 17);
        sheet.Oval(560, y, 14, 14, SKColors.White, SKColors.Black, 2);
        sheet.Oval(560, y, 5, 5, SKColors.Black);
        sheet.Text("microscopic haematuria only", 584, y + 6, 17);
    }
}
