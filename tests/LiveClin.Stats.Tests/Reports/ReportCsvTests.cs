using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Reports;

/// <summary>A report's tables for programs: every number in a column of its own, in full precision.</summary>
public sealed partial class ReportCsvTests
{
    private static readonly Report Report = Stats.Reports.Report.Of(
        SyntheticSets.Counts([2, 3, 4, 5], ("one", [2, 1, 4, 3]), ("two", [0, 3, 2, 5]), ("none", [null, null, null, null])),
        PriceTable.Empty, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Shares_counts_and_ends_of_intervals_are_columns_of_their_own()
    {
        var rows = Read("leaderboard");
        var best = Assert.Single(rows, row => row["model"] == "one");
        var model = Report.Models.Single(m => m.Ledger.Model.Model == "one");
        Assert.Equal(("2", "4", "10", "14"), (best["cases_count"], best["cases_total"], best["questions_count"], best["questions_total"]));
        Assert.Equal(model.Ledger.Questions.Value, Number(best["question_accuracy"]));
        Assert.Equal(model.CaseInterval, new Interval(Number(best["cases_lower"]), Number(best["cases_upper"])));
        Assert.Equal(model.BalancedInterval, new Interval(Number(best["balanced_lower"]), Number(best["balanced_upper"])));
        Assert.Equal(("model", "1"), (best["model_kind"], best["model_complete"]));
        var none = Assert.Single(rows, row => row["model"] == "none");
        Assert.Equal(("", "0"), (none["question_accuracy"], none["questions_total"]));

        var pair = Report.Comparison.Pairs.First(p => p is { First: "one", Second: "two" } or { First: "two", Second: "one" });
        var compared = Read("comparison").Single(row => row["first"] == pair.First && row["second"] == pair.Second);
        Assert.Equal((pair.Cases.Difference, pair.QuestionP), (Number(compared["case_difference"]), Number(compared["p_of_questions"])));
        Assert.Equal(pair.Questions.Interval().Low, Number(compared["question_difference_lower"]));
    }

    [Fact]
    public void A_partial_run_is_marked_and_takes_no_rank()
    {
        var set = SyntheticSets.Counts([2, 3, 4, 5], ("one", [2, 1, 4, 3]), ("two", [0, 3, 2, 5]));
        set = new ResultSet(set.Release, set.ReleaseSha256, set.Cases,
            [.. set.Models.Select(model => model with { IsPartial = model.Model == "one" })], []);
        var rows = ReportTables.Of(Stats.Reports.Report.Of(set, PriceTable.Empty, DateTimeOffset.UnixEpoch)).First().Rows;
        var (partial, whole) = (rows.Single(row => row[0].Text == "one (partial)"), rows.Single(row => row[0].Text == "two"));
        Assert.Equal("", partial[4].Text);
        Assert.NotEqual("", whole[4].Text);
    }

    [Fact]
    public void Every_table_has_distinct_names_and_columns_of_one_kind()
    {
        foreach (var table in ReportTables.Of(Report))
        {
            var columns = ReportCsv.Columns(table);
            Assert.Equal(columns.Length, columns.Select(column => column.Name).Distinct().Count());
            Assert.All(columns, column => Assert.Matches(Name(), column.Name));
            foreach (var row in table.Rows)
                Assert.All(columns, column => Assert.DoesNotMatch(Unit(), column.Read(row) as string ?? ""));
        }
    }

    private static List<Dictionary<string, string>> Read(string name)
    {
        var lines = Encoding.UTF8.GetString(ReportCsv.Bytes(ReportTables.Of(Report).Single(table => table.Name == name)))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(',');
        return [.. lines.Skip(1)
            .Select(line => header.Zip(Fields().Matches(line).Select(field => field.Groups[1].Value))
            .ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex Name();

    // A number with a unit, a share with its counts, an interval: made for people.
    [GeneratedRegex(@"^-?\d+(\.\d+)?( %|/\d+$| – | to -?\d)")]
    private static partial Regex Unit();

    [GeneratedRegex("(?:^|,)(\"(?:[^\"]|\"\")*\"|[^,]*)")]
    private static partial Regex Fields();
}
