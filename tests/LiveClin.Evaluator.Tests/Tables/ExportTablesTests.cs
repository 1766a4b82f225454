using System.Text;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.CommandLine;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;
using Outcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Evaluator.Tests.Tables;

/// <summary><c>export --format csv|jsonl|parquet</c>: what pandas, R and DuckDB read without a conversion.</summary>
public sealed class ExportTablesTests : IAsyncLifetime
{
    private const string Nasty = "=1+1 \\boxed{A}\n\"quoted\", and more; é 漢\ttab ";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // 15 rows: two epochs of a model that is called like a formula, one of another; a hidden one that nobody asked for.
    public async ValueTask InitializeAsync() => await CreateStoreAsync(
        _folder["s.db"],
        (Run("run1", "=cmd()") with { Target = RunTarget.Of(null, 2) },
        [
            Answer(0, 0, Outcome.Correct, Nasty), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun), Answer(1, 0, Outcome.Wrong),
            Answer(1, 1, Outcome.Correct),
            .. new[] { Answer(0, 0, Outcome.Wrong), Answer(0, 1, Outcome.Unparsed) }.Select(answer => answer with { Epoch = 2 }),
        ]),
        (Run("run2", "model"), [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Correct, letter: "A"), Answer(0, 2, Outcome.Filtered)]),
        (Run("run3", "hidden"), [Answer(0, 0, Outcome.Correct)]));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    public async Task Pandas_reads_the_answers(string format)
    {
        var file = await ExportAsync(format);
        var lines = await RequiredReader.PandasAsync(Script("read_answers.py"), file);
        Assert.Equal(
            [
                "rows 15", "=cmd() accuracy 0.4 answered 5 tokens 700", "model accuracy 1.0 answered 2 tokens 300", "latency 12.5",
                "completed 2026-01-02T03:04:30+00:00",
                "outcomes {'correct': 4, 'failed': 1, 'filtered': 1, 'not_run': 6, 'unparsed': 1, 'wrong': 2}",
                $"reply '{Nasty.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\\boxed", "\\\\boxed", StringComparison.Ordinal)}'",
            ],
            lines);
    }

    [Fact]
    public async Task R_reads_the_answers()
    {
        var lines = await RequiredReader.RAsync(Script("read_answers.R"), await ExportAsync("csv"));
        Assert.Equal(
            ["rows 15 ", "=cmd() accuracy 0.4 answered 5 tokens 700 ", "model accuracy 1 answered 2 tokens 300 ", "latency 12.5 ",
                "completed 2026-01-02T03:04:30 ", $"reply {Nasty.Length} "], lines);
    }

    [Fact]
    public async Task DuckDb_reads_the_parquet_files()
    {
        var file = await ExportAsync("parquet");
        using var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        Assert.Equal(
            ["case_ordinal BIGINT", "completed_at TIMESTAMP WITH TIME ZONE", "correct BIGINT", "latency_ms DOUBLE", "model VARCHAR"],
            Query($"SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT model, case_ordinal, correct, latency_ms, completed_at FROM '{file}') ORDER BY 1"));
        Assert.Equal(["=cmd()|10|5|0.4|700", "model|5|2|1.0|300"], Query(
            $"SELECT concat_ws('|', model, count(*), count(correct), round(avg(correct), 1), sum(input_tokens)) FROM '{file}' GROUP BY model ORDER BY model"));
        Assert.Equal([Nasty],
            Query($"SELECT reply FROM '{file}' WHERE epoch = 1 AND case_ordinal = 0 AND position = 1 AND run_id = 'run1'"));
        Assert.Equal(["run1|2|completed|2", "run2|1|completed|2"], Query(
            $"SELECT concat_ws('|', run_id, epochs, status, (SELECT count(DISTINCT case_id) FROM '{file}' a WHERE a.run_id = r.run_id)) FROM '{_folder["answers.runs.parquet"]}' r ORDER BY 1"));
        Assert.Equal(["1000|3|AAA|Scenario 0", "1001|2|AA|Scenario 1"],
            Query($"SELECT concat_ws('|', case_id, questions, keys, scenario) FROM '{_folder["answers.cases.parquet"]}' ORDER BY 1"));
        Assert.Equal(["{\"A\":\"one\",\"B\":\"two\"}|one"],
            Query($"SELECT DISTINCT options || '|' || (options::JSON ->> 'A') FROM '{file}'"));

        List<string> Query(string sql)
        {
            using var command = database.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read()) rows.Add(reader.GetString(0));
            return rows;
        }
    }

    [Fact]
    public async Task A_csv_is_verbatim_unless_it_is_for_spreadsheets()
    {
        var verbatim = await File.ReadAllBytesAsync(await ExportAsync("csv"), Cancellation);
        var text = Encoding.UTF8.GetString(verbatim);
        Assert.StartsWith("run_id,model,label,release,condition,parameters,epoch,", text, StringComparison.Ordinal);
        Assert.Contains("run1,=cmd(),=cmd(),sample,", text, StringComparison.Ordinal);
        Assert.Contains("\"=1+1 \\boxed{A}\n\"\"quoted\"\", and more", text, StringComparison.Ordinal);
        Assert.Equal(16, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        var spreadsheet = await File.ReadAllBytesAsync(await ExportAsync("csv", "--spreadsheet"), Cancellation);
        Assert.Equal(Encoding.UTF8.GetPreamble(), spreadsheet[..3]);
        Assert.DoesNotContain(",=", Encoding.UTF8.GetString(spreadsheet), StringComparison.Ordinal);
        var wrong = await RunAsync("export", "--format", "jsonl", "--spreadsheet", "--output", _folder["x"], "--store", _folder["s.db"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--spreadsheet goes with --format csv", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_neither_right_nor_wrong()
    {
        var rows = (await File.ReadAllLinesAsync(await ExportAsync("jsonl"), Cancellation)).Select(line => JsonNode.Parse(line)!).ToList();
        foreach (var row in rows)
        {
            long? expected = (string)row["outcome"]! switch { "correct" => 1, "wrong" or "unparsed" => 0, _ => null };
            Assert.Equal(expected, (long?)row["correct"]);
        }

        Assert.Equal([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1], rows.Select(row => (int)row["epoch"]!));
        Assert.Equal(["A", null, null, "B", "A"], rows.Take(5).Select(row => (string?)row["letter"]));
        Assert.Equal(["A", null, null, "B", "A"], rows.Take(5).Select(row => (string?)row["letter_strict"]));
        Assert.Equal(("http_500", "the reason"), ((string?)rows[1]["error_kind"], (string?)rows[1]["error_message"]));
        Assert.Equal((1, 2), ((int)rows[0]["position"]!, (int)rows[1]["position"]!));
    }

    [Theory]
    [InlineData("run1,run2", "--all", "--models", "=cmd(),model")]
    [InlineData("run2", "--models", "model")]
    [InlineData("run3", "--run", "run3")]
    [InlineData("run1,run3", "--run", "run1", "run3")]
    [InlineData("run1,run2,run3", "--all")]
    [InlineData("run1,run2", "--release", "sample")]
    [InlineData("run2", "--tag", "good one")]
    public async Task Any_selection_of_runs_goes_into_one_file(string expected, params string[] selection)
    {
        await RunAsync("runs", "tag", "run2", "good one", "--store", _folder["s.db"]);
        await ExportAsync("jsonl", selection);
        var runs = (await File.ReadAllLinesAsync(_folder["answers.runs.jsonl"], Cancellation))
            .Select(line => (string)JsonNode.Parse(line)!["run_id"]!);
        Assert.Equal(expected, string.Join(',', runs));
    }

    [Theory]
    [InlineData("there is no run of 'nobody'", "csv", "--models", "nobody")]
    [InlineData("there is no run 'nothing'", "csv", "--run", "nothing")]
    [InlineData("no run fits the selection", "csv", "--release", "other")]
    [InlineData("has no epoch 3", "csv", "--epoch", "3")]
    [InlineData("holds one run", "v1")]
    public async Task A_selection_of_nothing_is_an_error(string message, string format, params string[] selection)
    {
        await RunAsync("runs", "hide", "run3", "--store", _folder["s.db"]);
        var result = await RunAsync(["export", "--format", format, "--output", _folder["none"], "--store", _folder["s.db"], .. selection]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["none"]));
    }

    private async Task<string> ExportAsync(string format, params string[] more)
    {
        await RunAsync("runs", "hide", "run3", "--store", _folder["s.db"]);
        var file = _folder["answers." + format];
        var result = await RunAsync(["export", "--format", format, "--output", file, "--store", _folder["s.db"], .. more]);
        Assert.True(result.ExitCode == 0, result.Error);
        return file;
    }

    private static string Script(string name) =>
        Path.Combine(SharedData.RepositoryRoot, "tests", "LiveClin.Evaluator.Tests", "Tables", name);

    private static Task<CommandResult> RunAsync(params string[] args) => CommandRunner.RunAsync(args);
}
