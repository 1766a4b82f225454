using System.Text.Json.Nodes;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.View;

/// <summary>
/// Whatever column of a store holds whatever it cannot hold: what reads results ends in order, with words, and has the rest.
/// </summary>
public sealed class DamagedColumnTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // The commands that read no more than what these do follow; each table has one value here, and all of them in the evaluator's tests.
    [Fact]
    public async Task No_damaged_column_ends_a_command_without_words()
    {
        var (whole, damaged) = (_folder["whole.db"], _folder["damaged.db"]);
        await DamagedColumns.CreateAsync(whole);
        var faults = new List<string>();
        foreach (var table in new[] { "answers", "runs", "cases", "run_cases" })
        {
            foreach (var column in DamagedColumns.ColumnsOf(whole, table))
            {
                File.Copy(whole, damaged, overwrite: true);
                if (!DamagedColumns.TryDamage(damaged, table, column, "'garbage'")) continue;
                foreach (var arguments in new string[][] { ["analyze", "--store", damaged], ["controls", "--store", damaged] })
                    if (await FindFaultAsync(arguments) is { } fault) faults.Add($"{table}.{column}: {arguments[0]}: {fault}");
            }
        }

        if (faults.Count > 0) Assert.Fail(string.Join('\n', faults));
    }

    [Theory]
    [InlineData("started_at", "'2026-01-02U03:04:05.000Z'")]
    [InlineData("parameters", "'{\"n\":'")]
    [InlineData("target", "'garbage'")]
    public async Task A_damaged_run_is_named_and_the_others_are_reported(string column, string value)
    {
        var store = _folder["s.db"];
        await DamagedColumns.CreateAsync(store);
        Assert.True(DamagedColumns.TryDamage(store, "runs", column, value));
        var damage = $"run run1 (column {column})";

        var report = await StatsCommands.RunAsync("report", "--store", store, "--output", _folder["report"]);
        Assert.Equal((1, 1), (report.Code, report.Error.Split(damage).Length - 1));
        var text = (await File.ReadAllTextAsync(_folder["report/report.md"], Stop)).Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains(damage, text, StringComparison.Ordinal);
        Assert.Contains("other", text, StringComparison.Ordinal);

        await using var view = await ViewedSample.StartAsync(store);
        var runs = JsonNode.Parse(await view.Http.GetStringAsync("/v1/statistics", Stop))!;
        Assert.Contains(runs["notes"]!.AsArray(),
            note => note!.GetValue<string>().Contains("run run1: what is stored of it cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_answer_is_left_out_and_named_with_its_column()
    {
        var store = _folder["s.db"];
        await DamagedColumns.CreateAsync(store);
        Assert.True(DamagedColumns.TryDamage(store, "answers", "outcome", "77"));
        var report = await StatsCommands.RunAsync("report", "--store", store, "--output", _folder["report"]);
        Assert.Equal(1, report.Code);
        Assert.Contains("case 1000, question 1 of run run1 (column outcome cannot be read)", report.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("an answer of run run1", report.Error, StringComparison.Ordinal);
    }

    private static async Task<string?> FindFaultAsync(string[] arguments)
    {
        var result = await StatsCommands.RunAsync(arguments);
        var said = result.Output + result.Error;
        if (said.Contains("Unhandled", StringComparison.Ordinal) || said.Contains("   at ", StringComparison.Ordinal)) return said;
        if (result.Code is not (0 or 1)) return $"exit code {result.Code}: {said}";
        if (result.Code == 1 && !said.Contains("amaged", StringComparison.Ordinal)) return $"no words: {said}";
        return said.Contains("other", StringComparison.Ordinal) ? null : $"the other run is gone: {said}";
    }
}
