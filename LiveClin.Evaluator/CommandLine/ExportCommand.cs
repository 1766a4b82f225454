using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.Core.Tables;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>export</c>: stored runs as files that other programs read.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var selection = new ExportSelection();
        var format = new Option<ExportFormat>("--format")
        {
            Description = "parquet, csv or jsonl: one row per answer of all selected runs in one file, with tables of the runs and of their cases beside it (NAME.runs, NAME.cases). "
                + "core: one run as the published folder, one evaluated JSON file per case (an existing folder gains this model's entries). v1: one run as the published results file.",
            HelpName = "parquet|csv|jsonl|core|v1",
            Required = true,
        };
        var output = new Option<string>("--output")
        {
            Description = "The file (or, for core, the folder) to write.",
            HelpName = "PATH",
            Required = true,
        };
        var epoch = new Option<int?>("--epoch")
        {
            Description = "The epoch to write; otherwise all of them (core and v1 hold one: the first).",
            HelpName = "N",
        };
        var spreadsheet = new Option<bool>("--spreadsheet")
        {
            Description = "With --format csv: for spreadsheets, with a byte order mark and an apostrophe before text that would run as a formula. Otherwise the texts are verbatim.",
        };
        var command = new Command("export", "Writes runs' results into files.") { format, output, epoch, spreadsheet };
        selection.AddTo(command);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(spreadsheet) && parsed.GetResult(format) is { } given
                && given.GetValueOrDefault<ExportFormat>() != ExportFormat.Csv)
                parsed.AddError("--spreadsheet goes with --format csv.");
        });
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async console =>
        {
            await using var store = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var runs = selection.Read(parsed).Select(store);
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            var wanted = parsed.GetValue(epoch);
            IReadOnlyList<StoreDamage> damaged;
            if (ExportFormats.TableOf(parsed.GetValue(format), parsed.GetValue(spreadsheet)) is { } table)
            {
                var written = await ResultTables.WriteAsync(store, runs, wanted, table, path, cancellationToken);
                console.WriteLine(Describe(written, runs.Count));
                damaged = written.Damaged;
            }
            else
            {
                var results = RunResults.Load(store, Single(runs, parsed.GetValue(format)), wanted ?? 1);
                console.WriteLine(WriteOne(store, results, parsed.GetValue(format), path, cancellationToken));
                damaged = results.Damaged;
            }

            // The rest is written: what is damaged is said, and must not pass for what a model said.
            foreach (var damage in damaged)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"damaged: {RunText.Safe(damage.ToString())}");
            return damaged.Count == 0 ? ExitCodes.Success : ExitCodes.SomeFailed;
        }));
        return command;
    }

    private static string Describe(TablesWritten written, int runs) => string.Join(Environment.NewLine,
        $"{written.Files[0]}: {Count(written.Answers, "row")}", $"{written.Files[1]}: {Count(runs, "run")}",
        $"{written.Files[2]}: {Count(written.Cases, "case")}");

    private static string Count(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static RunInfo Single(IReadOnlyList<RunInfo> runs, ExportFormat format) => runs is [var run] ? run : throw new CommandException(
        $"--format {format.ToString().ToLowerInvariant()} holds one run, and the selection fits {runs.Count}. Name one with --run: {string.Join(", ", runs.Take(5).Select(each => each.Id))}{(runs.Count > 5 ? ", …" : "")}.");

    private static string WriteOne(ResultStore store, RunResults results, ExportFormat format, string path,
        CancellationToken cancellationToken)
    {
        if (format == ExportFormat.V1)
        {
            RunExporter.WriteV1(results, path);
            return $"{path}: {results.Release.QuestionCount} questions";
        }

        var written = CoreExport.Write(store, results, path, cancellationToken);
        return $"{path}: {written.Written} case files"
            + (written.NotRun > 0 ? $"; {written.NotRun} cases without an answer were left out" : "");
    }
}
