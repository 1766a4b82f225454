using LiveClin.DemoFigures.Drawing;
using SkiaSharp;

namespace LiveClin.DemoFigures.Figures;

/// <summary>Schematic drawings in the grey values of radiographs: air dark, soft tissue grey, bone light.</summary>
internal static class RadiologyFigures
{
    private static readonly SKColor Air = new(18, 20, 22);
    private static readonly SKColor Lung = new(40, 43, 46);
    private static readonly SKColor Fat = new(84, 86, 88);
    private static readonly SKColor Tissue = new(140, 142, 144);
    private static readonly SKColor Vessel = new(196, 197, 198);
    private static readonly SKColor Bone = new(236, 236, 232);

    /// <summary>Upright chest film: dark crescent between the right dome of the diaphragm and the liver.</summary>
    public static byte[] FreeAir()
    {
        using var sheet = new Sheet(760, 820, Air);
        sheet.Shape("M250 20 L250 90 C190 120 90 130 60 210 C40 300 50 600 60 820 L700 820 C710 600 720 300 700 210 C670 130 570 120 510 90 L510 20 Z", Tissue);
        sheet.Shape("M345 150 C250 150 140 260 118 420 C105 520 104 590 112 640 C160 555 270 545 340 610 C352 560 345 480 350 400 Z", Lung);
        sheet.Shape("M415 150 C510 150 620 260 642 420 C655 530 656 620 650 670 C610 610 540 600 490 625 C505 560 480 490 430 430 L412 380 Z", Lung);
        Ribs(sheet);
        sheet.Shape("M340 180 L420 180 L425 380 C470 430 505 520 500 625 C440 650 390 640 335 618 C322 560 330 500 342 440 Z",
            Vessel.WithAlpha(235));
        sheet.Shape("M356 20 L404 20 L402 340 L358 340 Z", new SKColor(120, 122, 124));
        for (var y = 50; y < 640; y += 34) sheet.Box(352, y, 56, 20, Bone.WithAlpha(70));
        // Liver and spleen below the domes; the gas collects at the highest point, on the right of the patient (left in the picture).
        sheet.Shape("M112 648 C160 558 270 548 340 616 C275 588 176 584 112 648 Z", Air);
        sheet.Curve("M112 646 C160 556 270 546 340 614", Bone, 5);
        sheet.Curve("M490 628 C540 602 612 612 650 674", Bone, 4);
        sheet.Oval(560, 690, 46, 26, new SKColor(70, 72, 74));
        sheet.Curve("M345 140 C290 118 210 120 150 160", Bone, 9);
        sheet.Curve("M415 140 C470 118 550 120 610 160", Bone, 9);
        sheet.Text("R", 40, 60, 34, Bone, bold: true);
        sheet.Text("upright", 600, 60, 24, Bone);
        return sheet.Png();
    }

    /// <summary>Axial slice at the pulmonary artery: a smooth oval mass lies in front of the great vessels.</summary>
    public static byte[] AnteriorMass()
    {
        using var sheet = new Sheet(900, 660, Air);
        sheet.Oval(450, 340, 410, 270, Fat);
        sheet.Oval(450, 340, 385, 246, Tissue);
        sheet.Shape("M400 150 C250 140 110 230 110 350 C110 470 220 550 350 545 C400 530 410 470 385 420 C360 360 350 300 365 240 Z", Lung);
        sheet.Shape("M520 150 C650 140 790 230 790 350 C790 470 680 550 550 545 C500 530 490 470 520 420 C560 360 570 290 545 230 Z", Lung);
        sheet.Shape("M440 575 C400 575 400 520 450 515 C500 520 500 575 460 575 L480 610 L420 610 Z", Bone);
        sheet.Box(420, 108, 60, 20, Bone);
        foreach (var (x, y) in new[] { (150f, 210f), (750f, 210f), (90f, 350f), (810f, 350f), (160f, 490f), (740f, 490f) })
            sheet.Oval(x, y, 22, 10, Bone);
        sheet.Oval(415, 300, 40, 40, Vessel);
        sheet.Shape("M455 290 C520 260 560 290 565 330 C560 350 530 340 505 340 C480 345 440 400 380 385 C370 370 420 360 450 335 Z",
            Vessel);
        sheet.Oval(372, 330, 20, 24, Vessel);
        sheet.Oval(512, 470, 30, 30, Vessel);
        sheet.Oval(408, 420, 17, 14, Air);
        sheet.Oval(484, 424, 17, 14, Air);
        sheet.Oval(452, 460, 14, 18, new SKColor(120, 122, 124));
        sheet.Shape("M400 165 C440 138 530 150 548 195 C560 240 500 262 455 252 C405 246 372 205 400 165 Z", new SKColor(168, 169, 170),
            Bone, 2.5f);
        sheet.Text("*", 466, 222, 40, SKColors.Black, SKTextAlign.Center, bold: true);
        Label(sheet, "ascending aorta", 60, 70, 402, 292);
        Label(sheet, "pulmonary artery", 690, 70, 545, 312);
        Label(sheet, "descending aorta", 690, 630, 522, 484);
        sheet.Text("R", 10, 350, 30, Bone, bold: true);
        sheet.Text("L", 872, 350, 30, Bone, bold: true);
        return sheet.Png();
    }

    private static void Label(Sheet sheet, string text, float x, float y, float toX, float toY)
    {
        sheet.Line(x + 30, y + (toY > y ? 6 : -22), toX, toY, Bone, 1.2f);
        sheet.Text(text, x, y, 20, Bone);
    }

    private static void Ribs(Sheet sheet)
    {
        for (var i = 0; i < 8; i++)
        {
            float y = 185 + i * 56, reach = 45 - Math.Abs(3 - i) * 6;
            sheet.Curve(FormattableString.Invariant($"M348 {y} C260 {y - 34} 150 {y - 6} {112 - reach / 3} {y + 62}"), Bone.WithAlpha(95),
                13);
            sheet.Curve(FormattableString.Invariant($"M412 {y} C500 {y - 34} 610 {y - 6} {648 + reach / 3} {y + 62}"), Bone.WithAlpha(95),
                13);
        }
    }
}
