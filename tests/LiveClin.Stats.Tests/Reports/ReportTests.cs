using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Plots;
using LiveClin.Stats.Reference;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script>|`x`\u202e=cmd";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void All_files_are_written_and_hostile_names_stay_text()
    {
        var set = SyntheticSets.Counts([2, 3, 4], (Hostile, [2, 1, 4]), ("=HYPERLINK(1)", [0, 3, 2]), ("-1+cmd", [1, 1, 1]));
        var plot = new ReportPlot("one", "A plot", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", [1], [2]);
        var files = ReportFiles.Write(Report.Of(set, PriceTable.Empty, DateTimeOffset.UnixEpoch), [plot], _folder.FullName);
        Assert.All(files, file => Assert.True(File.Exists(file)));
        var html = File.ReadAllText(_folder["report.html"]);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\\<script\\>", File.ReadAllText(_folder["report.md"]), StringComparison.Ordinal);
        // verbatim: for programs
        Assert.Contains("=HYPERLINK(1),model,1,", File.ReadAllText(_folder["tables/leaderboard.csv"]), StringComparison.Ordinal);
        Assert.Equal(["one.pdf", "one.png", "one.svg"], Directory.GetFiles(_folder["plots"]).Select(Path.GetFileName).Order());
        ReportFiles.Write(Report.Of(set, PriceTable.Empty, DateTimeOffset.UnixEpoch), [plot], _folder.FullName, forSpreadsheet: true);
        var spreadsheet = File.ReadAllBytes(_folder["tables/leaderboard.csv"]);
        Assert.Equal(Encoding.UTF8.GetPreamble(), spreadsheet[..3]);
        foreach (var name in (string[])["'=HYPERLINK", "'-1+cmd"])
            Assert.Contains(name, Encoding.UTF8.GetString(spreadsheet), StringComparison.Ordinal);
    }

    [Fact]
    public void Plots_stand_under_the_table_whose_numbers_they_draw()
    {
        var set = SyntheticSets.Counts([2, 3], ("one", [2, 1]), ("two", [0, 3]));
        ReportPlot Plot(string name) => new(name, "plot of " + name, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", [1], [2]);
        ReportFiles.Write(Report.Of(set, PriceTable.Empty, DateTimeOffset.UnixEpoch),
            [Plot("another"), Plot("cost"), Plot("case-accuracy"), Plot("forest")], _folder.FullName);
        foreach (var (file, heading) in new[] { ("report.html", "<h2>"), ("report.md", "\n## ") })
        {
            var sections = File.ReadAllText(_folder[file]).Split(heading);
            Assert.Contains("plot of case-accuracy", sections.Single(s => s.StartsWith("Leaderboard", StringComparison.Ordinal)),
                StringComparison.Ordinal);
            Assert.Contains("plot of forest", sections.Single(s => s.StartsWith("Models against each other", StringComparison.Ordinal)),
                StringComparison.Ordinal);
            Assert.Contains("plot of another", sections[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_json_holds_no_number_that_does_not_exist()
    {
        var set = SyntheticSets.Counts([2], ("one", [2]), ("none", [null]));
        ReportFiles.Write(Report.Of(set, PriceTable.Empty, DateTimeOffset.UnixEpoch), [], _folder.FullName);
        var json = JsonNode.Parse(File.ReadAllText(_folder["report.json"]))!;
        Assert.Equal(2, json["schema_version"]!.GetValue<int>());
        var models = json["models"]!.AsArray();
        Assert.Equal(2, models[0]!["ledger"]!["questions"]!["count"]!.GetValue<int>());
        Assert.Null(models[0]!["question_mean"]!["standard_error"]);
        Assert.Null(models[1]!["ledger"]!["cases"]!["value"]);
        Assert.Null(models[0]!["ledger"]!["model"]!["answers"]);
    }

    [Fact]
    public void The_reference_stands_beside_its_own_release_only()
    {
        Assert.Equal((26, 2), (PublishedReference.Models.Length, PublishedReference.Physicians.Length));
        Assert.Equal(26, PublishedReference.Models.Select(m => m.Model).Distinct().Count());
        var mine = SyntheticSets.Counts([2, 3], ("m", [2, 1]));
        // a name proves nothing
        Assert.False(PublishedReference.AppliesTo(new ResultSet("2025_H1", new string('a', 64), mine.Cases, mine.Models, [])));

        // As many cases and questions as published, under PMC numbers: 1,407 cases, 6,605 questions.
        var cases = SyntheticSets.Counts([.. Enumerable.Range(0, 1407).Select(i => i < 977 ? 5 : 4)]).Cases;
        Assert.Equal(6605, cases.Sum(c => c.Questions.Length));
        Assert.False(PublishedReference.AppliesTo(new ResultSet("x", null, cases, [], [])));
        ResultSet real = new("x", null, [.. cases.Select((c, i) => c with { Id = $"{11_600_000 + i}" })], [], []);
        Assert.True(PublishedReference.AppliesTo(real));
        Assert.NotEmpty(ResultPlots.NamesFor(real).Except(ResultPlots.NamesFor(mine)));
    }

    public void Dispose() => _folder.Dispose();
}
