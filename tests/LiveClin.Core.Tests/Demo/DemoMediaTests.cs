using System.Buffers.Binary;
using System.Text.Json;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Demo;

/// <summary>Figures and tables of the demo release, and that it is what its generator's sources say.</summary>
public sealed class DemoMediaTests
{
    [Fact]
    public void Every_figure_has_a_file_and_every_file_is_shown_once()
    {
        var onDisk = Directory.GetFiles(DemoRelease.Images).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(onDisk, DemoRelease.Figures.Select(f => f.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_image_is_a_png_of_legible_size_under_100_kilobytes() => Assert.All(Directory.GetFiles(DemoRelease.Images), path =>
    {
        var bytes = File.ReadAllBytes(path);
        Assert.True(bytes.AsSpan().StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]), path);
        Assert.InRange(bytes.Length, 5_000, 99_999);
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), 700, 1200);
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)), 340, 1000);
    });

    [Fact]
    public void Figures_and_tables_are_named_once_and_mentioned_in_the_text() => Assert.All(DemoRelease.Cases, c =>
    {
        var figures = c.Policy.AllFigures.Select(f => f.CaptionPrefix).ToList();
        var tables = c.Policy.AllTables.Select(t => t.CaptionPrefix).ToList();
        Assert.Equal(Enumerable.Range(1, figures.Count).Select(n => $"Figure {n}"), figures);
        Assert.Equal(Enumerable.Range(1, tables.Count).Select(n => $"Table {n}"), tables);
        Assert.All(figures.Concat(tables), name => Assert.Contains(name, c.Policy.AllText));
        Assert.All(c.Policy.AllFigures, f =>
            Assert.False(string.IsNullOrWhiteSpace(f.Caption) || string.IsNullOrWhiteSpace(f.Type) || string.IsNullOrWhiteSpace(f.Id)));
    });

    [Fact]
    public void No_text_speaks_of_a_figure_or_table_that_has_not_been_shown_yet() => Assert.All(DemoRelease.Cases, c =>
    {
        var shown = Names(c.Policy.Figures, c.Policy.Tables).ToHashSet();
        AssertShown(c.Policy.Scenario, shown);
        foreach (var question in c.Policy.Questions)
        {
            shown.UnionWith(Names(question.Figures ?? [], question.Tables ?? []));
            AssertShown(question.Text, shown);
            Assert.All(question.Options.Values, text => AssertShown(text, shown));
        }
    });

    [Fact]
    public void Tables_are_rectangular_markdown() => Assert.All(DemoRelease.Tables, table =>
    {
        var rows = table.Content.Split('\n');
        Assert.True(rows.Length >= 4, table.Caption);
        Assert.Matches(@"^(\|-+)+\|$", rows[1]);
        Assert.Single(rows.Select(row => row.Count(character => character == '|')).Distinct());
        Assert.All(rows, row => Assert.True(row.StartsWith('|') && row.EndsWith('|'), row));
    });

    [Fact]
    public void The_release_is_what_the_case_files_of_the_generator_say()
    {
        var sources = Directory.GetFiles(Path.Combine(DemoRelease.Generator, "cases"), "*.json").Order(StringComparer.Ordinal).ToList();
        var lines = File.ReadAllLines(Path.Combine(DemoRelease.Folder, "demo.jsonl"));
        Assert.Equal(sources.Count, lines.Length);
        foreach (var (source, line) in sources.Zip(lines))
        {
            using var expected = JsonDocument.Parse(File.ReadAllBytes(source));
            using var actual = JsonDocument.Parse(line);
            Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement),
                $"{source} changed: run dotnet run --project data/generator");
        }
    }

    [Fact]
    public void Nothing_is_shared_with_the_published_demo()
    {
        var published = File.ReadAllText(SharedData.DemoJsonl);
        Assert.All(DemoRelease.Cases, c => Assert.DoesNotContain(c.Title, published));
        Assert.All(DemoRelease.Questions, q => Assert.DoesNotContain(q.Text, published));
        Assert.All(DemoRelease.Figures, f => Assert.DoesNotContain(f.File, published));
    }

    private static IEnumerable<string> Names(IEnumerable<DemoFigure> figures, IEnumerable<DemoTable> tables) =>
        figures.Select(f => f.CaptionPrefix).Concat(tables.Select(t => t.CaptionPrefix));

    private static void AssertShown(string text, HashSet<string> shown)
    {
        foreach (var name in Enumerable.Range(1, 9).SelectMany(n => new[] { $"Figure {n}", $"Table {n}" }).Where(text.Contains))
            Assert.Contains(name, shown);
    }
}
