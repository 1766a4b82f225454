using System.CommandLine;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>export</c>: a stored run as files that other programs read.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var format = new Option<ExportFormat>("--format")
        {
            Description = "core: the published folder, one evaluated JSON file per case (an existing folder gains this model's entries); v1: the published results file; jsonl or csv: one line per question.",
            HelpName = "core|v1|jsonl|csv",
            Required = true,
        };
        var output = new Option<string>("--output") { Description = "The folder (core) or file to write.", HelpName = "PATH", Required = true };
        var command = new Command("export", "Writes a run's results into files.") { run, format, output };
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async console =>
        {
            await using var source = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var results = RunResults.Load(source, CommandErrors.RequireRun(source, parsed.GetValue(run)!));
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            console.WriteLine(Write(source, results, parsed.GetValue(format), path, cancellationToken));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static string Write(ResultStore store, RunResults results, ExportFormat format, string path, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case ExportFormat.Core:
                var written = CoreExport.Write(store, results, path, cancellationToken);
                return $"{path}: {written.Written} case files" + (written.NotRun > 0 ? $"; {written.NotRun} cases without an answer were left out" : "");
            case ExportFormat.V1:
                RunExporter.WriteV1(results, path);
                break;
            case ExportFormat.Jsonl:
                RunExporter.WriteJsonl(results, path);
                break;
            default:
                RunExporter.WriteCsv(results, path);
                break;
        }

        return $"{path}: {results.Release.QuestionCount} questions";
    }
}
