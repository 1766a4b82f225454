using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Stats.Floors;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;

namespace LiveClin.Stats.Tests.View;

/// <summary>
/// A store of which one case is damaged: everything goes on, the case's answers count, and it is said once what is to be done.
/// </summary>
public sealed class DamagedCaseTests : IDisposable
{
    private const string Said = "Damaged in the store: case 1001 (its text is no case any more).";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string StorePath => _folder["results.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_answers_count_as_they_are_stored_and_what_needs_its_text_leaves_it_out()
    {
        await CreateAsync("substr(json, 1, 100)");
        await using var store = ResultStore.OpenReadOnly(StorePath);
        var set = StoreSource.Load(store, new RunSelection(), Stop);

        Assert.Equal((2, 5), (set.Cases.Length, set.QuestionCount));
        Assert.Equal([(5, 5), (0, 5)], Leaderboard.Of(set).Rows.Select(row => (row.Ledger.Questions.Count, row.Ledger.Questions.Total)));
        Assert.Equal(["A", "A"], set.Cases[1].Questions.Select(question => question.Key)); // "good" is right at both
        Assert.Single(set.Notes, note => note.StartsWith(Said, StringComparison.Ordinal)
            && note.Contains(StoreDamage.CaseRemedy, StringComparison.Ordinal));
        Assert.Equal((3, 1), (ReleaseFloors.Of(set).Best!.Questions, ReleaseFloors.Of(set).Best!.Cases));
        Assert.Contains(ReleaseFloors.Of(set).All, floor => floor.Name == "overlap");
        Assert.Equal(set.FindModel("good")!.Answers.Select(answer => answer.Outcome),
            set.FindModel("good")!.Answers.Select(answer => answer.StrictOutcome!.Value));
    }

    [Fact]
    public async Task A_key_that_no_right_answer_tells_belongs_to_no_letter()
    {
        await SampleRuns.CreateStoreAsync(StorePath, (SampleRuns.Run("run-poor", "poor"), ViewedSample.Answers(Outcome.Wrong)));
        Change("UPDATE cases SET json = '{}' WHERE ordinal = 1");
        await using var store = ResultStore.OpenReadOnly(StorePath);
        var set = StoreSource.Load(store, new RunSelection(), Stop);

        Assert.Equal(["", ""], set.Cases[1].Questions.Select(question => question.Key));
        Assert.Equal((1, 1), (BalancedAccuracy.Of(set, set.Models[0]).Letters, BalancedAccuracy.Of(set, set.Models[0]).Cases));
        Assert.All(set.Models[0].Answers, answer => Assert.Equal((Outcome.Wrong, Outcome.Wrong), (answer.Outcome, answer.StrictOutcome)));
    }

    [Theory]
    [InlineData("substr(json, 1, 100)")]
    [InlineData("'[]'")]
    public async Task Pages_and_calls_go_on_and_name_it(string text)
    {
        await CreateAsync(text);
        await using var view = await ViewedSample.StartAsync(StorePath);
        foreach (var path in new[] { "/", "/model?name=good", "/compare", "/cases", "/slices", "/items", "/cost", "/runs", "/controls" })
            Assert.Contains("good", await UntilAsync(view, path, "good"), StringComparison.Ordinal);
        Assert.Contains(Said, await UntilAsync(view, "/", Said), StringComparison.Ordinal);
        var page = await UntilAsync(view, "/case?id=1001", "Damaged:");
        Assert.Contains("Question 2", page, StringComparison.Ordinal);

        var statistics = JsonNode.Parse(await view.Http.GetStringAsync("/v1/statistics", Stop))!;
        Assert.Contains(statistics["notes"]!.AsArray(), note => note!.GetValue<string>().StartsWith(Said, StringComparison.Ordinal));
        using var report = await view.Http.GetAsync("/v1/report?format=markdown", Stop);
        Assert.Contains(Said, await report.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal("1", report.Headers.GetValues("LiveClin-Damaged").First());
    }

    [Theory]
    [InlineData("cases", "json", "substr(json, 1, 100)", "ordinal = 1", Said)]
    [InlineData("answers", "reply", "reply || ' '",
        "case_ordinal = 1 AND question = 1 AND run = (SELECT seq FROM runs WHERE id = 'run-good')", "Damaged")]
    public async Task What_is_put_back_is_shown_without_a_restart(string table, string column, string damaged, string place, string said)
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        Change($"ALTER TABLE {table} ADD COLUMN whole TEXT", 0);
        Change($"UPDATE {table} SET whole = {column}, {column} = {damaged} WHERE {place}");
        await using var view = await ViewedSample.StartAsync(StorePath);
        Assert.Contains(said, await view.Http.GetStringAsync("/v1/statistics", Stop), StringComparison.Ordinal);

        Change($"UPDATE {table} SET {column} = whole WHERE {place}");

        while ((await view.Http.GetStringAsync("/v1/statistics", Stop)).Contains(said, StringComparison.Ordinal))
            await Task.Delay(100, Stop);
        var statistics = JsonNode.Parse(await view.Http.GetStringAsync("/v1/statistics", Stop))!;
        Assert.DoesNotContain(statistics["notes"]?.AsArray() ?? [],
            note => note!.GetValue<string>().Contains("amaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_write_everything_else_and_end_with_1()
    {
        await CreateAsync("substr(json, 1, 100)");
        var report = await StatsCommands.RunAsync("report", "--store", StorePath, "--output", _folder["report"]);
        Assert.Equal((1, true), (report.Code, report.Error.Contains(Said, StringComparison.Ordinal)));
        Assert.Contains(Said, await File.ReadAllTextAsync(_folder["report/report.md"], Stop), StringComparison.Ordinal);
        var analysis = await StatsCommands.RunAsync("analyze", "--store", StorePath);
        Assert.Equal((1, true), (analysis.Code, analysis.Error.Contains(Said, StringComparison.Ordinal)));
        var controls = await StatsCommands.RunAsync("controls", "--store", StorePath);
        Assert.Equal((1, true), (controls.Code, controls.Error.Contains("damaged: case 1001", StringComparison.Ordinal)));
        var compared = await StatsCommands.RunAsync(
            "compare", "--store", StorePath, "--baseline", "good", "--candidate", "poor", "--flips", _folder["flips.md"]);
        Assert.Contains(Said, compared.Error, StringComparison.Ordinal);

        var bundle = await StatsCommands.RunAsync("bundle", "--store", StorePath, "--run", "run-good", "--output", _folder["b.zip"]);
        Assert.Equal((2, false), (bundle.Code, File.Exists(_folder["b.zip"])));
        Assert.Contains("what is stored of case 1001 is no case any more, and a bundle proves every text in it", bundle.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_replies_of_later_epochs_are_told_and_count_for_nothing()
    {
        var run = SampleRuns.Run("run-good", "good") with { Target = RunTarget.Of(null, 2) };
        var answers = ViewedSample.Answers(Outcome.Correct);
        await SampleRuns.CreateStoreAsync(StorePath, (run, [.. answers, .. answers.Select(answer => answer with { Epoch = 2 })]));
        Change("UPDATE answers SET reply = reply || ' ' WHERE epoch = 2 AND case_ordinal = 1 AND question = 1");

        const string damage = "case 1001, question 2, epoch 2 of run run-good";
        var report = await StatsCommands.RunAsync("report", "--store", StorePath, "--output", _folder["report"]);
        Assert.Equal((1, true), (report.Code, report.Error.Contains(damage, StringComparison.Ordinal)));
        await using var view = await ViewedSample.StartAsync(StorePath);
        Assert.Contains(damage, await UntilAsync(view, "/model?name=good", "Damaged:"), StringComparison.Ordinal);
        await using var store = ResultStore.OpenReadOnly(StorePath);
        var model = StoreSource.Load(store, new RunSelection(), Stop).Models.Single();
        Assert.Equal(1, model.LaterEpochs.Single().Answers.Count(outcome => outcome == Outcome.NotRun));
    }

    private async Task CreateAsync(string text)
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        Change($"UPDATE cases SET json = {text} WHERE ordinal = 1");
    }

    private void Change(string sql, int rows = 1)
    {
        using var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(rows, command.ExecuteNonQuery());
    }

    private static async Task<string> UntilAsync(ViewedSample view, string path, string expected)
    {
        const int MostLooks = 200;
        var html = await view.Http.GetStringAsync(path, Stop);
        for (var look = 0; look < MostLooks && !html.Contains(expected, StringComparison.Ordinal); look++)
            html = await view.Http.GetStringAsync(path, Stop);
        Assert.Contains(expected, html, StringComparison.Ordinal);
        return html;
    }
}
