using System.CommandLine;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Plots;
using LiveClin.Stats.Reports;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>report</c>: everything that can be said of a set of results, as files.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var source = new SourceOptions();
        var output = new Option<string>("--output")
        {
            Description = "Folder to write to; created when absent.",
            HelpName = "DIR",
            Required = true,
        };
        var ignore = new Option<string>("--ignore-models")
        {
            Description = "Models to leave out, separated by commas.",
            HelpName = "a,b",
            DefaultValueFactory = _ => "",
        };
        var settings = new Option<string?>("--settings") 
        {
            Description = "Settings file with the models' prices (LiveClin:Models, Name and Price per million tokens) and, for the recency gap, "
                + "their TrainingCutoff and LiveClin:PublicationDates.",
            HelpName = "FILE.json",
        };
        var spreadsheet = new Option<bool>("--spreadsheet")
        {
            Description = "CSV tables for spreadsheets: with a byte order mark and an apostrophe before text that would run as a formula. Otherwise the texts are verbatim.",
        };
        var command = new Command("report",
            "Writes the full report: HTML, Markdown, JSON; tables as CSV (numbers in full precision) and LaTeX; plots as SVG, PNG and PDF.")
        {
            output, ignore, settings, spreadsheet,
        };
        source.AddTo(command);
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(output)!;
            Prepare(folder);
            var ignored = parsed.GetValue(ignore)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var (prices, recency) = (SourceOptions.Prices(parsed.GetValue(settings)), SourceOptions.Recency(parsed.GetValue(settings)));
            var set = source.Load(parsed, cancellationToken).WithModels(model => !ignored.Contains(model.Model));
            var console = parsed.InvocationConfiguration;
            foreach (var note in set.Notes) await console.Error.WriteLineAsync("note: " + note);
            if (set.Models.IsEmpty || set.QuestionCount == 0)
            {
                await console.Error.WriteLineAsync("error: there are no answers to report on.");
                return ExitCodes.Invalid;
            }

            var controls = source.LoadControls(parsed, set, recency, cancellationToken);
            var report = Report.Of(set, prices, DateTimeOffset.Now, controls);
            var files = ReportFiles.Write(report, [.. ResultPlots.ForReport(set, prices), .. ControlPlots.ForReport(controls)], folder,
                parsed.GetValue(spreadsheet));
            foreach (var file in files) await console.Output.WriteLineAsync(file);
            return set.Damaged.IsEmpty ? ExitCodes.Success : ExitCodes.SomeFailed;
        });
        return command;
    }

    // Before minutes of work, not after them.
    private static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write,
                FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"--output {folder}: no files can be written there ({error.Message.TrimEnd('.')}). Name a folder that can be written to.",
                error);
        }
    }
}
