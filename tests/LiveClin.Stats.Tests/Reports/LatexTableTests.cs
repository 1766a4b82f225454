using System.Globalization;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Reports;

namespace LiveClin.Stats.Tests.Reports;

/// <summary>A report's tables for LaTeX: read by rules of TeX, they hold what the others hold.</summary>
public sealed class LatexTableTests
{
    private const string Hostile = @"\input{/etc/passwd} $x$ & 100% #1 {_^~} <a|b> [x]* ""q"" ``--'' ?`!` a\\[2pt] \end{tabular} 模型 é";

    [Theory]
    [InlineData(Hostile)]
    [InlineData("[start")]
    [InlineData("* a")]
    [InlineData("")]
    [InlineData("20.0 – 40.0 %")]
    [InlineData("−0.5 … χ² · —")]
    public void Every_text_is_set_as_it_is(string text) => Assert.Equal(text, LatexDocument.Text(LatexText.Inline(text)));

    [Fact]
    public void Any_text_is_set_as_it_is()
    {
        var random = new Random(20261129);
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40))
                .Select(_ => random.Next(4) == 0 ? (char)random.Next(0xa1, 0x250) : (char)random.Next(0x20, 0x7f))).Trim();
            Assert.Equal(Without(text), LatexDocument.Text(LatexText.Inline(text)));
        }

        static string Without(string text) => string.Concat(text.Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format));
    }

    [Fact]
    public void What_cannot_be_seen_is_left_out() => Assert.Equal("a b c", LatexDocument.Text(LatexText.Inline("a\nb\u202e\0c")));

    [Fact]
    public void Every_table_holds_what_the_report_holds()
    {
        (string, int?[])[] models = [(Hostile, [2, 1, 4, 3]), ("[two", [0, 3, 2, 5]),
            .. Enumerable.Range(3, 12).Select(i => ($"model {i}", new int?[] { 1, 1, 1, i % 5 }))];
        var report = Report.Of(SyntheticSets.Counts([2, 3, 4, 5], models), PriceTable.Empty, DateTimeOffset.UnixEpoch);
        var tables = ReportTables.Of(report).ToList();
        Assert.Contains(tables, table => table.Rows.Length > 45); // one that breaks over pages
        foreach (var table in tables)
        {
            var document = LatexDocument.Read(LatexTable.Text(table));
            Assert.Equal(table.Columns.Length, document.Columns.Length);
            List<List<string>> expected = [[.. table.Columns.Select(column => column.Heading)],
                .. table.Rows.Select(row => row.Select(cell => cell.Text).ToList())];
            Assert.Equal(expected, document.Rows[^expected.Count..]); // a longtable's caption ends like a row
        }
    }

    [Fact]
    public void Numbers_stand_right_and_words_left()
    {
        var report = Report.Of(SyntheticSets.Counts([2, 3], ("one", [2, 1])), PriceTable.Empty, DateTimeOffset.UnixEpoch);
        Assert.Equal("lrrrrrrrrr", LatexDocument.Read(LatexTable.Text(ReportTables.Of(report).First())).Columns);
    }
}
