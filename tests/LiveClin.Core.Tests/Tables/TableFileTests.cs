using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json;
using LiveClin.Core.Tables;
using LiveClin.Testing;
using Parquet;

namespace LiveClin.Core.Tests.Tables;

/// <summary>Rows in, files out: what each format does with texts, numbers, absent values, and with more than fits in memory.</summary>
public sealed class TableFileTests : IDisposable
{
    private sealed record Row(string? Name, long? Count, double? Share, DateTimeOffset? At);

    private static readonly Column<Row>[] Columns =
    [
        Column<Row>.Text("name", row => row.Name), Column<Row>.Integer("count", row => row.Count),
        Column<Row>.Real("share", row => row.Share),
        Column<Row>.Time("at", row => row.At), Column<Row>.Flag("is_many", row => row.Count is { } count ? count > 1 : null),
    ];

    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly Row[] Rows =
    [
        new("=1+1", 1, 0.1, At), new("say \"hi\",\nthen\r\ngo", -2, 1e-300, At.AddYears(-100)),
        new(" é 漢 🩺 ", long.MaxValue, double.NaN, null), new(null, null, null, null),
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Csv_has_every_value_as_it_is()
    {
        Assert.Equal(4, await TableFile.WriteAsync(_folder["t.csv"], TableFormat.Csv, Columns, Rows, Cancellation));
        Assert.Equal(
            "name,count,share,at,is_many\r\n=1+1,1,0.1,2026-01-02T03:04:05.678Z,0\r\n\"say \"\"hi\"\",\nthen\ngo\",-2,1E-300,1926-01-02T03:04:05.678Z,0\r\n"
            + " é 漢 🩺 ,9223372036854775807,,,1\r\n,,,,\r\n",
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(_folder["t.csv"], Cancellation)));
    }

    [Fact]
    public async Task Csv_steers_no_terminal_and_jsonl_has_every_character()
    {
        Row[] rows = [new("\u001b]0;pwn\u0007a\u001b[2Jb\u202ec\uffffd", 0, 0, null)];
        await TableFile.WriteAsync(_folder["t.csv"], TableFormat.Csv, Columns, rows, Cancellation);
        Assert.Contains("\r\nab\ufffdc\ufffdd,0,", await File.ReadAllTextAsync(_folder["t.csv"], Cancellation), StringComparison.Ordinal);
        await TableFile.WriteAsync(_folder["t.jsonl"], TableFormat.Jsonl, Columns, rows, Cancellation);
        Assert.Equal(rows[0].Name, (string?)JsonNode.Parse(await File.ReadAllTextAsync(_folder["t.jsonl"], Cancellation))!["name"]);
    }

    [Fact]
    public async Task Csv_for_spreadsheets_runs_no_formula_and_says_what_it_is_written_in()
    {
        Row[] rows = [.. Rows, new("@sum", -3, -0.5, null), new("\tx", 0, 0, null), new("-2+3", 0, 0, null)];
        await TableFile.WriteAsync(_folder["t.csv"], TableFormat.SpreadsheetCsv, Columns, rows, Cancellation);
        var bytes = await File.ReadAllBytesAsync(_folder["t.csv"], Cancellation);
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        var text = Encoding.UTF8.GetString(bytes[3..]);
        Assert.StartsWith("name,count", text, StringComparison.Ordinal);
        // numbers stay numbers
        foreach (var escaped in (string[])["\"'=1+1\",1,0.1,", "\"'@sum\",-3,-0.5,", "'\tx", "'-2+3"])
            Assert.Contains(escaped, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_of_jsonl_has_every_column()
    {
        await TableFile.WriteAsync(_folder["t.jsonl"], TableFormat.Jsonl, Columns, Rows, Cancellation);
        var lines = await File.ReadAllLinesAsync(_folder["t.jsonl"], Cancellation);
        Assert.Equal("""{"name":"=1+1","count":1,"share":0.1,"at":"2026-01-02T03:04:05.678Z","is_many":0}""", lines[0]);
        Assert.Equal("""{"name":null,"count":null,"share":null,"at":null,"is_many":null}""", lines[3]);
        Assert.Equal(Rows[1].Name, JsonDocument.Parse(lines[1]).RootElement.GetProperty("name").GetString());
        Assert.Contains("漢 🩺", lines[2].Replace("\\uD83E\\uDE7A", "🩺", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_gives_back_what_was_written()
    {
        await TableFile.WriteAsync(_folder["t.parquet"], TableFormat.Parquet, Columns, Rows, Cancellation);
        await using var file = await ParquetReader.CreateAsync(_folder["t.parquet"], cancellationToken: Cancellation);
        Assert.Equal(Columns.Select(column => column.Name), file.Schema.DataFields.Select(field => field.Name));
        using var group = file.OpenRowGroupReader(0);
        var (names, counts, shares, times) = (new string?[4], new long?[4], new double?[4], new DateTime?[4]);
        await group.ReadAsync(file.Schema.DataFields[0], names.AsMemory(), cancellationToken: Cancellation);
        await group.ReadAsync<long>(file.Schema.DataFields[1], counts.AsMemory(), cancellationToken: Cancellation);
        await group.ReadAsync<double>(file.Schema.DataFields[2], shares.AsMemory(), cancellationToken: Cancellation);
        await group.ReadAsync<DateTime>(file.Schema.DataFields[3], times.AsMemory(), cancellationToken: Cancellation);
        Assert.Equal(Rows.Select(row => row.Name), names);
        Assert.Equal(Rows.Select(row => row.Count), counts);
        Assert.Equal([0.1, 1e-300, null, null], shares); // not a number: absent
        Assert.Equal(Rows.Select(row => row.At?.UtcDateTime), times);
    }

    [Fact]
    public async Task Parquet_groups_are_bounded_by_rows_and_by_text()
    {
        await TableFile.WriteAsync(_folder["rows.parquet"], TableFormat.Parquet, Columns,
            Enumerable.Range(0, 25_000).Select(i => new Row("x", i, null, null)), Cancellation);
        await using var rows = await ParquetReader.CreateAsync(_folder["rows.parquet"], cancellationToken: Cancellation);
        Assert.Equal([10_000L, 10_000L, 5_000L], rows.RowGroups.Select(group => group.RowCount));
        var long_ = new string('y', 1 << 20);
        await TableFile.WriteAsync(_folder["text.parquet"], TableFormat.Parquet, Columns,
            Enumerable.Range(0, 40).Select(i => new Row(long_, i, null, null)), Cancellation);
        await using var text = await ParquetReader.CreateAsync(_folder["text.parquet"], cancellationToken: Cancellation);
        Assert.Equal([16L, 16L, 8L], text.RowGroups.Select(group => group.RowCount));
    }

    /// <remarks>
    /// A group of Parquet holds 16 MiB of text. How many rows more are alive when the next is asked for (those of the group
    /// before, values on the stack) is up to the runtime: three groups of six tell "let go" from "kept" without depending on it.
    /// </remarks>
    [Theory]
    [InlineData(TableFormat.Csv)]
    [InlineData(TableFormat.Jsonl)]
    [InlineData(TableFormat.Parquet)]
    public async Task Rows_are_let_go_as_they_are_written(TableFormat format)
    {
        const int MostAlive = 48;
        var texts = new List<WeakReference>();
        await TableFile.WriteAsync(_folder["t"], format, Columns, Long(), Cancellation);
        Assert.Equal(96, texts.Count);

        IEnumerable<Row> Long()
        {
            for (var i = 0; i < 96; i++)
            {
                GC.Collect();
                Assert.InRange(texts.Count(text => text.IsAlive), 0, MostAlive);
                yield return Make(i);
            }
        }

        Row Make(int i)
        {
            var row = new Row(new string((char)('a' + (i % 26)), 1 << 20), i, null, null);
            texts.Add(new WeakReference(row.Name));
            return row;
        }
    }

    [Fact]
    public async Task A_table_that_cannot_be_finished_leaves_the_old_file()
    {
        await File.WriteAllTextAsync(_folder["t.csv"], "old", Cancellation);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            TableFile.WriteAsync(_folder["t.csv"], TableFormat.Csv, Columns, Broken(), Cancellation));
        Assert.Equal(["old"], Directory.GetFiles(_folder.FullName).Select(File.ReadAllText));

        static IEnumerable<Row> Broken()
        {
            yield return Rows[0];
            throw new InvalidDataException();
        }
    }
}
