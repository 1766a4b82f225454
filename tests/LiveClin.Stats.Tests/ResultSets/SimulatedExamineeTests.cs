using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Core.Simulated;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Service;

namespace LiveClin.Stats.Tests.ResultSets;

/// <summary>Simulated examinees among results: named as what they are, ranked apart, with their truth beside them.</summary>
public sealed class SimulatedExamineeTests
{
    private const int Cases = 40;

    [Fact]
    public void Their_truth_is_known_and_measured_and_they_take_no_rank()
    {
        var set = Set("simulated/knows-90", "simulated/knows-60", "simulated/forgetful-60", "baseline/always-A", "a-model");
        var board = Leaderboard.Of(set);
        Assert.Equal(["a-model"], board.Rows.Where(row => board.RankOf(row) is not null).Select(row => row.Ledger.Model.Model));
        var rows = board.Rows.ToDictionary(row => row.Ledger.Model.Model);
        foreach (var name in (string[])["simulated/knows-90", "simulated/knows-60", "simulated/forgetful-60"])
        {
            var row = rows[name];
            var truth = set.TruthOf(row.Ledger.Model)!;
            Assert.Equal(ModelKind.Simulated, row.Ledger.Model.Kind);
            Assert.Equal((truth.CorrectQuestions, truth.CorrectCases), (row.Ledger.Questions.Count, row.Ledger.Cases.Count));
            Assert.True(Findings.IsRecovered(row, truth));
        }

        Assert.Equal(120, rows["simulated/knows-60"].Ledger.Questions.Count);
        Assert.All((string[])["baseline/always-A", "a-model"], name => Assert.Null(set.TruthOf(rows[name].Ledger.Model)));
        Assert.Equal(["a-model"],
            ComparisonTable.Of(set).Models.Zip(ComparisonTable.Of(set).Ranks).Where(m => m.Second is not null).Select(m => m.First.Model));
    }

    [Fact]
    public void Questions_are_judged_by_models_and_by_simulated_ones_only_where_there_is_none()
    {
        Assert.Equal(["a-model"], Set("simulated/knows-60", "baseline/always-A", "a-model").Counted.Select(m => m.Model));
        Assert.Equal(["simulated/knows-60"], Set("simulated/knows-60", "baseline/always-A").Counted.Select(m => m.Model));
    }

    [Fact]
    public void Findings_tell_two_apart_two_not_and_whether_the_truth_is_recovered()
    {
        Assert.Equal("The intervals hold the known truth of the simulated examinee.", Findings.Of(Set("simulated/knows-90")));
        var text = Findings.Of(Set("simulated/knows-90", "simulated/knows-61", "simulated/knows-60"));
        Assert.Matches(
            @"^simulated/knows-90 and simulated/knows-6[01] can be told apart: "
            + @"180/200 \(90\.0 %\) against 12[02]/200 \(6[01]\.0 %\) questions, corrected p (=|<) 0\.0\d+; "
            + @"simulated/knows-61 and simulated/knows-60 cannot: 122/200 \(61\.0 %\) against 120/200 \(60\.0 %\) questions, corrected p = \d\.\d+\. "
            + @"The intervals hold the known truth of each of the 3 simulated examinees\.$", text);
    }

    [Fact]
    public void A_truth_that_is_missed_is_said()
    {
        var set = Set("simulated/knows-60", "simulated/knows-20");
        // One that answers like the other: as if its server or the measurement were broken.
        var broken = new ResultSet(set.Release, set.ReleaseSha256, set.Cases,
            [set.Models[0], set.Models[1] with { Answers = set.Models[0].Answers }], []);
        Assert.Contains("The intervals miss the known truth of simulated/knows-20, of 2 simulated examinees.", Findings.Of(broken),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_case_has_no_interval_that_could_miss_a_truth() =>
        Assert.Equal("Of a single case there are no intervals.", Findings.Of(Set(1, "simulated/knows-60")));

    [Fact]
    public void Without_the_whole_release_no_truth_is_claimed()
    {
        var set = Set("simulated/knows-60");
        var part = new ResultSet(set.Release, null, set.Cases, set.Models, []);
        Assert.Null(part.TruthOf(part.Models[0]));
    }

    [Fact]
    public void Report_json_and_contract_name_them_and_their_truth()
    {
        var set = Set("simulated/knows-60", "baseline/always-A");
        var report = Report.Of(set, PriceTable.Empty, DateTimeOffset.UnixEpoch);
        var table = ReportTables.Of(report).Single(t => t.Name == "simulated");
        Assert.Equal(["simulated/knows-60", "knows 60 % of the questions and is wrong on the others", "60.0 % (120/200)",
            "60.0 % (120/200)"], Assert.Single(table.Rows).Take(4).Select(cell => cell.Text));
        Assert.Equal(["baseline/always-A (floor)", "simulated/knows-60 (simulated)"],
            ReportTables.Of(report).First().Rows.Select(row => row[0].Text).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(ReportTables.Of(Report.Of(Set("a-model"), PriceTable.Empty, DateTimeOffset.UnixEpoch)),
            t => t.Name == "simulated");

        using var stream = new MemoryStream();
        ReportJson.Write(stream, report);
        var models = JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!["models"]!.AsArray()
            .ToDictionary(m => (string)m!["ledger"]!["model"]!["model"]!, m => m!);
        Assert.Equal("simulated", (string)models["simulated/knows-60"]["ledger"]!["model"]!["kind"]!);
        Assert.Equal(120, (int)models["simulated/knows-60"]["truth"]!["correct_questions"]!);
        Assert.Null(models["baseline/always-A"]["truth"]);

        var rows = LeaderboardMapping.ToMessage(set, []).Rows.ToDictionary(row => row.Model);
        Assert.Equal((V1.ModelKind.Simulated, false, 0, 120),
            (rows["simulated/knows-60"].Kind, rows["simulated/knows-60"].Baseline, rows["simulated/knows-60"].Rank,
            rows["simulated/knows-60"].Truth.Questions.Count));
        Assert.StartsWith("Simulated: knows 60 %", rows["simulated/knows-60"].Truth.Statement, StringComparison.Ordinal);
        Assert.Equal((V1.ModelKind.Floor, true), (rows["baseline/always-A"].Kind, rows["baseline/always-A"].Baseline));
    }

    // 40 cases of five questions whose key is A. Simulated examinees answer as they do; others are right on every second question.
    private static ResultSet Set(params string[] names) => Set(Cases, names);

    private static ResultSet Set(int cases, params string[] names)
    {
        var plain = SyntheticSets.Counts([.. Enumerable.Repeat(5, cases)],
            [.. names.Select(name => (name, Enumerable.Repeat((int?)2, cases).ToArray()))]);
        var paper = new ExamPaper(
            plain.Cases.Select(c => c.Questions.Select(q => new ExamQuestion($"PMC{c.Id}", q.Index, q.Key, q.Letters)).ToImmutableArray()));
        return new ResultSet("synthetic", new string('c', 64), plain.Cases,
            [.. plain.Models.Select(model => model with { ApiId = model.Model, Answers = AnswersOf(model, paper) })], []);
    }

    private static ImmutableArray<AnswerFacts> AnswersOf(ModelResults model, ExamPaper paper)
    {
        if (Examinee.Find(model.Model) is not { } examinee) return model.Answers;
        var answers = ImmutableArray.CreateBuilder<AnswerFacts>();
        foreach (var questions in paper.Cases)
        {
            var hasErred = false;
            foreach (var question in questions)
            {
                var isRight = examinee.Answer(Sitting.Published(paper, question, hasErred)) == question.Key;
                hasErred |= !isRight;
                answers.Add(SyntheticSets.Answer(isRight));
            }
        }

        return answers.ToImmutable();
    }
}
