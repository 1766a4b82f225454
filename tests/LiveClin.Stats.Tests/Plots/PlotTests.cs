using LiveClin.Core.Simulated;
using System.Xml.Linq;
using LiveClin.Stats.Plots;
using SkiaSharp;
using UglyToad.PdfPig;

namespace LiveClin.Stats.Tests.Plots;

public sealed class PlotTests
{
    private static readonly string[] Letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

    public static TheoryData<string, int> All => new(from name in Names from models in new[] { 0, 1, 30 } select (name, models));

    private static string[] Names =>
        ["case-accuracy", "forest", "heat-map", "position", "modality", "difficulty", "cost", "letters", "calibration"];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_plot_renders_in_both_formats_and_themes(string name, int models)
    {
        foreach (var theme in new[] { PlotTheme.Light, PlotTheme.Dark })
        {
            var plot = Draw(name, models, theme);
            var svg = XDocument.Parse(plot.ToSvg()).Root!;
            XNamespace space = "http://www.w3.org/2000/svg";
            Assert.Empty(svg.Descendants(space + "text")); // nothing needs a font
            Assert.Empty(svg.Descendants(space + "image"));
            Assert.NotEmpty(svg.Descendants(space + "path"));
            var description = svg.Element(space + "title")!.Value;
            if (models == 0) Assert.EndsWith("nothing to show yet", description, StringComparison.Ordinal);
            else Assert.DoesNotContain("nothing to show", description, StringComparison.Ordinal);

            using var picture = SKBitmap.Decode(plot.ToPng());
            Assert.Equal((plot.Width * 2, plot.Height * 2), (picture.Width, picture.Height));
            var background = picture.GetPixel(0, 0);
            Assert.Equal(theme == PlotTheme.Dark, background.Red < 128);
            Assert.Contains(picture.Pixels, pixel => pixel != background);
            Keep(name, models, theme == PlotTheme.Dark ? "dark" : "light", plot);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_plot_is_a_pdf_page_of_vectors_and_the_same_each_time(string name, int models)
    {
        var plot = Draw(name, models, PlotTheme.Light);
        var pdf = plot.ToPdf();
        Assert.Equal(pdf, plot.ToPdf());
        Assert.Equal(pdf, Draw(name, models, PlotTheme.Light).ToPdf());
        using var document = PdfDocument.Open(pdf);
        var page = Assert.Single(document.GetPages());
        Assert.Equal((plot.Width, plot.Height), ((int)Math.Round(page.Width), (int)Math.Round(page.Height)));
        Assert.Equal(plot.Title, document.Information.Title);
        Assert.Empty(page.GetImages());
        // embedded faces, no other
        Assert.All(page.Letters, letter => Assert.Contains("OpenSans", letter.FontName, StringComparison.Ordinal));
        Assert.NotEmpty(page.Letters);
    }

    // What Skia draws must be held by whoever draws it: when memory is short, the collector runs all the time.
    [Theory]
    [InlineData("forest")]
    [InlineData("position")]
    public void Drawing_survives_a_collector_that_never_rests(string name)
    {
        var isDrawn = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isDrawn))
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        for (var round = 0; round < 5; round++)
        {
            var plot = Draw(name, 30, PlotTheme.Light);
            Assert.NotEmpty(plot.ToPdf());
            Assert.NotEmpty(plot.ToSvg());
        }

        Volatile.Write(ref isDrawn, true);
        collector.Join();
    }

    [Fact]
    public async Task Many_draw_at_once_and_each_gets_the_same_bytes()
    {
        var expected = Names.ToDictionary(name => name, name => Draw(name, 30, PlotTheme.Light).ToSvg());
        await Task.WhenAll(Enumerable.Range(0, 3).Select(client => Task.Run(() =>
        {
            foreach (var name in Names.Skip(client).Concat(Names.Take(client)))
            {
                var plot = Draw(name, 30, PlotTheme.Light);
                Assert.Equal(expected[name], plot.ToSvg());
                plot.ToPng();
                plot.ToPdf();
            }
        })));
    }

    [Fact]
    public void Unknown_values_are_left_out_and_not_drawn_as_zero()
    {
        var plot = CaseAccuracyPlot.Draw([new("none", double.NaN, double.NaN, double.NaN, null, ModelGroup.Proprietary)], [], "t",
            PlotTheme.Light);
        Assert.NotEmpty(plot.ToSvg());
        Assert.NotEmpty(CostPlot.Draw([new("free", 0, 0.5, 0.4, 0.6, false, null), new("unknown", double.NaN, 0.5, 0.4, 0.6, false, null)],
            "tokens", "t", PlotTheme.Light).ToPng(1));
        Assert.DoesNotContain("unknown",
            CostPlot.Draw([new("unknown", double.NaN, 0.5, 0.4, 0.6, false, null)], "tokens", "t", PlotTheme.Light).ToSvg(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_characters_that_no_svg_may_hold_are_drawn_all_the_same()
    {
        const string Odd = "a\u0000b\u001b[31m\u202ec\ud800\uffff<&>\"'";
        var plot = CaseAccuracyPlot.Draw([new(Odd, 0.5, 0.4, 0.6, Odd, ModelGroup.Medical)], [new(Odd, 0.3)], Odd, PlotTheme.Light);
        Assert.Contains("a\ufffdb", XDocument.Parse(plot.ToSvg()).Root!.Value, StringComparison.Ordinal);
        Assert.NotEmpty(plot.ToPng(1));
    }

    [Fact]
    public void Names_of_points_cover_neither_marks_nor_each_other()
    {
        List<SKPoint> points = [.. Enumerable.Repeat(new SKPoint(100, 400), 14), new(100, 396), new(112, 390), new(640, 400),
            new(640, 400)];
        var boxes = PointLabels.Arrange(points, [.. points.Select((_, i) => 60f + (i * 5))], new SKRect(60, 40, 700, 420));
        Assert.All(boxes, box => Assert.True(box.Left >= 60 && box.Right <= 700 && box.Top >= 40 && box.Bottom <= 420));
        Assert.DoesNotContain(boxes.SelectMany((a, i) => boxes.Skip(i + 1).Select(b => a.IntersectsWith(b))), overlaps => overlaps);
        Assert.DoesNotContain(boxes.SelectMany(box => points.Select(p => box.Contains(p))), covers => covers);
    }

    // The embedded faces have no Han characters and no emoji.
    [Fact]
    public void What_the_faces_lack_is_text_in_svg_and_code_points_in_png()
    {
        Assert.Equal("«6A21 578B»-7B «1F600»", Sheet.Short("模型-7B 😀"));
        Assert.Equal("Μοντέλο Γ", DrawnText.Meant(Sheet.Short("Μοντέλο Γ")));
        Assert.Equal("模型-7B 😀", DrawnText.Meant("«6A21 578B»-7B «1F600»"));
        Assert.Equal("a\ufffdb", DrawnText.Meant("a«202E»b")); // no way round what may not be drawn
        Assert.Null(DrawnText.Meant("Qwen2.5-VL «7B»"));
        var svg = XDocument.Parse(
            CaseAccuracyPlot.Draw([new("模型-7B", 0.5, 0.4, 0.6, null, ModelGroup.OpenGeneral)], [], "t", PlotTheme.Light).ToSvg());
        Assert.Equal(["模型-7B"], svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
    }

    [Fact]
    public void A_family_has_one_colour_whatever_else_is_drawn()
    {
        string[] models = ["GPT-5", "Gemini 2.5 Pro", "Claude 3.7 Sonnet", "InternVL3.5-8B", "Qwen2.5-VL-7B", "GLM-4V-9B", "MedGemma-4B",
            "HuatuoGPT-V-7B", "Lingshu-7B"];
        foreach (var theme in new[] { PlotTheme.Light, PlotTheme.Dark })
        {
            var colors = models.Select(m => ModelFamilies.ColorOf(ModelFamilies.Of(m, ModelKind.Model).Family, theme)).ToList();
            Assert.Equal(models.Length, colors.Distinct().Count());
            foreach (var (model, color) in models.Zip(colors))
            {
                Assert.Contains(color.ToHex(), Bar(model).ToSvg(), StringComparison.OrdinalIgnoreCase);
                Assert.Contains(color.ToHex(), Bar([.. models.Reverse()]).ToSvg(), StringComparison.OrdinalIgnoreCase);
            }

            PlotImage Bar(params string[] names) => CaseAccuracyPlot.Draw(
                [.. names.Select(name => new AccuracyBar(name, 0.5, double.NaN, double.NaN, ModelFamilies.Of(name, ModelKind.Model).Family,
                    ModelGroup.Proprietary))], [], "t", theme);
        }
    }

    [Fact]
    public void Of_a_long_name_both_ends_stay() =>
        Assert.Equal("baseline/overlap-wi…suffix-one", Sheet.Short("baseline/overlap-with-very-long-suffix-one", 30));

    private static PlotImage Draw(string name, int models, PlotTheme theme)
    {
        var labels = Enumerable.Range(0, models).Select(i => $"Model <{i}> & co").ToList();
        double Value(int i) => 0.05 + (0.9 * i / 30);
        Share At(int i) => new(Value(i), Math.Max(0, Value(i) - 0.06), Math.Min(1, Value(i) + 0.06));
        var rows = Math.Min(models, 12);
        return name switch
        {
            "case-accuracy" => CaseAccuracyPlot.Draw(
                [.. labels.Select((label, i) => new AccuracyBar(label, At(29 - i).Value, At(29 - i).Low, At(29 - i).High, i % 5 == 4
                    ? null : $"Family {i % 5}", (ModelGroup)(i % 4)))],
                models == 0 ? [] : [new("chief physician", 0.378), new("attending physician", 0.346)], "Case accuracy", theme),
            "forest" => ForestPlot.Draw(
                [.. labels.Select((label, i) => new Difference(label, "Reference", Value(i) - 0.5, Value(i) - 0.6, Value(i) - 0.4,
                i is < 10 or > 20))], "Differences", theme),
            "heat-map" => HeatMapPlot.Draw(labels, [.. Enumerable.Range(0, models == 0 ? 0 : 16).Select(i => $"Diseases of chapter {i}")],
                Matrix(models, 16), "By chapter", theme),
            "position" => CurvePlot.Draw(
                [.. labels.Select((label, i) =>
                new Curve(label, [.. Enumerable.Range(0, 6).Select(p => new CurvePoint(p, Value(i), At(i).Low, At(i).High))]))],
                ["1", "2", "3", "4", "5", "6"], "By position", "question", theme),
            "modality" => GroupedBarsPlot.Draw(labels,
                [.. Enumerable.Range(0, rows).Select(g => new ShareGroup($"Modality {g}", 10 * g, [.. labels.Select((_, i) => At(i))]))],
                "By modality", theme),
            "difficulty" => DifficultyPlot.Draw([.. Enumerable.Range(0, models * 7).Select(i => i % 31 / 30.0)], "Difficulty", theme),
            "cost" => CostPlot.Draw(
                [.. labels.Select((label, i) => new CostPoint(label, Math.Pow(1.3, i), Value(i), At(i).Low, At(i).High, i % 7 == 0,
                i % 3 == 0 ? null : "Gemini"))], "tokens per case", "Cost", theme),
            "letters" => LetterPlot.Draw(models == 0
                ? [] : [.. Letters.Select((letter, i) => new LetterShare(letter, 0.02 * i, 0.01 * (10 - i)))], "Letters", theme),
            "calibration" => CalibrationPlot.Draw(
                [.. labels.Select((label, i) => new CalibrationPoint(label, Value(i), Math.Sqrt(Value(i)), At(i).Low, At(i).High))],
                "Calibration", theme),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static double[,] Matrix(int rows, int columns)
    {
        var values = new double[rows, columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) values[r, c] = (r + c) % 7 == 0 ? double.NaN : ((r * 3) + c) % 50 / 50.0;
        return values;
    }

    // With LIVECLIN_SCREENSHOTS set the plots go to that folder, to be looked at.
    private static void Keep(string name, int models, string theme, PlotImage plot)
    {
        if (Environment.GetEnvironmentVariable("LIVECLIN_SCREENSHOTS") is not { Length: > 0 } folder) return;
        File.WriteAllBytes(Path.Combine(folder, $"plot-{name}-{models}-{theme}.png"), plot.ToPng(1));
        File.WriteAllText(Path.Combine(folder, $"plot-{name}-{models}-{theme}.svg"), plot.ToSvg());
    }
}
