using System.CommandLine;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>import</c>: published results into the store, to be looked at together with new ones.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("FILE|FOLDER")
        {
            Description = "v1 results files and core folders.",
            Arity = ArgumentArity.OneOrMore,
        };
        var dataset = new Option<string?>("--dataset")
        {
            Description = "The release that the results were made on: its name or a path; otherwise one in the store that they fit.",
            HelpName = "NAME",
        };
        var jsonl = new Option<string?>("--jsonl-path") { Description = "The same, by its JSONL file.", HelpName = "FILE" };
        var imageRoot = new Option<string?>("--image-root")
        {
            Description = "Folder of its images, when it is not beside the file.",
            HelpName = "DIR",
        };
        var dataDirectory = CommonOptions.DataDirectory();
        var command = new Command("import",
            "Imports published results (v1 files, core folders). Importing the same results again changes nothing.") { paths, dataset,
            jsonl, imageRoot, dataDirectory };
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            var wanted = new ReleaseRequest(parsed.GetValue(dataset), parsed.GetValue(dataDirectory), parsed.GetValue(jsonl),
                parsed.GetValue(imageRoot));
            var release = wanted.Dataset is null && wanted.JsonlPath is null
                ? null
                : await ReleaseReader.ReadAsync(new ReleaseLocator().Locate(wanted), new ReleaseOptions { CheckImages = false },
                    cancellationToken);
            await using var services = CommandServices.Compose(parsed.GetValue(CommonOptions.Store)!);
            return await ImportAsync(parsed.GetValue(paths)!, release, services, output, parsed.InvocationConfiguration.Error,
                cancellationToken);
        }));
        return command;
    }

    // One broken file does not keep the others out; the exit code tells.
    private static async Task<int> ImportAsync(string[] paths, Release? release, IServiceProvider services, TextWriter output,
        TextWriter errors, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<ResultStore>().TellingOutages(errors);
        var importer = services.GetRequiredService<ResultImporter>();
        var complete = true;
        foreach (var path in paths)
        {
            try
            {
                var outcome = await importer.ImportAsync(path, release, cancellationToken);
                foreach (var warning in outcome.Results.Warnings) errors.WriteLine($"warning: {RunText.Safe(warning)}");
                if (!outcome.Results.IsKnownRelease)
                    errors.WriteLine($"warning: {path}: no known release has these cases; they are kept as the release '{RunText.Safe(outcome.Results.Release.Name)}' with as much of them as the results tell. To have the texts, name the release with --dataset or --jsonl-path.");
                if (outcome.Results.Models.IsEmpty) errors.WriteLine($"warning: {path}: no model has answers in it.");
                complete &= outcome.Results.Warnings.IsEmpty && !outcome.Results.Models.IsEmpty;
                foreach (var imported in outcome.Runs) output.WriteLine(Describe(store, imported));
            }
            catch (ResultFileException error)
            {
                errors.WriteLine($"error: {RunText.Safe(error.Message)}");
                complete = false;
            }
        }

        return complete ? ExitCodes.Success : ExitCodes.SomeFailed;
    }

    private static string Describe(ResultStore store, ImportedRun imported)
    {
        var tally = store.Tally(imported.Run);
        return $"{imported.Run.Id}  {RunText.Safe(imported.Run.Specification.Model)}  questions {RunText.Share(tally[Outcome.Correct], tally.Questions)}  cases {RunText.Share(tally.CasesCorrect, tally.Cases)}"
            + $"  failures {tally.QuestionsFailed}" + (imported.IsNew ? "" : "  (imported before)");
    }
}
