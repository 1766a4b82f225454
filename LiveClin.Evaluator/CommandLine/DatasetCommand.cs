using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Datasets;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>dataset list</c>, <c>dataset verify</c> and <c>dataset download</c>: the releases on this machine.</summary>
internal static class DatasetCommand
{
    public static Command Create() =>
        new("dataset", "Lists, checks and downloads releases of the benchmark.") { CreateList(), CreateVerify(), CreateDownload() };

    private static Command CreateList()
    {
        var dataDirectory = CommonOptions.DataDirectory();
        var command = new Command("list", "Lists the releases on this machine.") { dataDirectory };
        command.SetAction(async (parsed, cancellationToken) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            var table = new TextTable("NAME", "CASES", "QUESTIONS", "IMAGES", "MISSING", "PATH");
            var problems = new List<string>();
            var found = new ReleaseLocator().Discover(parsed.GetValue(dataDirectory));
            foreach (var location in found)
            {
                var summary = await ReleaseSummary.ReadAsync(location, cancellationToken);
                var numbers = summary.Problem is null
                    ? new[] { summary.Cases, summary.Questions, summary.ImagesPresent, summary.ImagesMissing }.Select(Number)
                    : ["-", "-", "-", "-"];
                table.Add([RunText.Safe(location.Name), .. numbers, RunText.Safe(location.JsonlPath)]);
                if (summary.Problem is { } problem) problems.Add($"{location.Name} cannot be used: {problem}");
                else if (summary.ImagesMissing > 0 && location.ImageArchive is { } archive && !Directory.Exists(location.ImageRoot))
                    problems.Add($"{location.Name}: its images are in {archive}, which the first run unpacks.");
            }

            if (found.Count == 0) output.WriteLine("There are no releases here. 'dataset download 2025_H1' fetches one.");
            else table.Write(output);
            foreach (var problem in problems) output.WriteLine(RunText.Safe(problem));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command CreateVerify()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "A release's name, or the path of its JSONL file or folder.", Arity = ArgumentArity.ZeroOrOne,
        };
        var jsonl = new Option<string?>("--jsonl-path") { Description = "Instead of NAME: the release's JSONL file.", HelpName = "FILE" };
        var dataDirectory = CommonOptions.DataDirectory();
        var imageRoot = new Option<string?>("--image-root")
        {
            Description = "Folder below which images are resolved; beside the JSONL file unless given.",
            HelpName = "DIR",
        };
        var imageMode = new Option<string>("--image-mode")
        {
            Description = "How images will travel: local checks the files, url the addresses.",
            DefaultValueFactory = _ => "local",
        };
        imageMode.AcceptOnlyFromAmong("local", "url");
        var allowMissing = new Option<bool>("--allow-missing-images")
        {
            Description = "Take missing, unreadable and too large images for warnings.",
        };
        var command = new Command("verify", "Reads a whole release and names every problem with file, line and field.")
        {
            name, jsonl, dataDirectory, imageRoot, imageMode, allowMissing,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(name) is null == parsed.GetValue(jsonl) is null) parsed.AddError("Give either NAME or --jsonl-path.");
        });
        command.SetAction(async (parsed, cancellationToken) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            var options = new ReleaseOptions
            {
                ImageMode = parsed.GetValue(imageMode) == "url" ? ImageMode.Url : ImageMode.Local,
                AllowMissingImages = parsed.GetValue(allowMissing),
            };
            var request = new ReleaseRequest(
                parsed.GetValue(name), parsed.GetValue(dataDirectory), parsed.GetValue(jsonl), parsed.GetValue(imageRoot));
            return await VerifyAsync(request, options, output, parsed.InvocationConfiguration.Error, cancellationToken);
        }));
        return command;
    }

    private static async Task<int> VerifyAsync(ReleaseRequest request, ReleaseOptions options, TextWriter output, TextWriter error,
        CancellationToken cancellationToken)
    {
        try
        {
            var location = new ReleaseLocator().Locate(request);
            var release = await ReleaseReader.ReadAsync(location, options, cancellationToken);
            foreach (var warning in release.Warnings) output.WriteLine($"warning: {RunText.Safe(warning.ToString())}");
            var blank = release.BlankLines > 0 ? $", {release.BlankLines} blank lines" : "";
            output.WriteLine($"{release.Name} is fine: {release.Cases.Length} cases, {release.QuestionCount} questions, {release.Warnings.Length} warnings{blank}.");
            output.WriteLine($"file     {release.JsonlPath}");
            output.WriteLine($"images   {release.ImageRoot}");
            output.WriteLine($"sha-256  {release.Sha256}");
            return ExitCodes.Success;
        }
        catch (ReleaseException e) when (e.TotalProblems > 0)
        {
            foreach (var warning in e.Warnings) output.WriteLine($"warning: {RunText.Safe(warning.ToString())}");
            foreach (var problem in e.Problems) output.WriteLine(RunText.Safe(problem.ToString()));
            if (e.TotalProblems > e.Problems.Length) output.WriteLine($"… and {e.TotalProblems - e.Problems.Length} more.");
            var warnings = e.Warnings.Length switch { 0 => "", 1 => ", 1 warning", var many => $", {many} warnings" };
            output.WriteLine($"{e.TotalProblems} {(e.TotalProblems == 1 ? "problem" : "problems")}{warnings}.");
            return ExitCodes.Invalid;
        }
        catch (ReleaseException e)
        {
            error.WriteLine(RunText.Safe(e.Message));
            return ExitCodes.Invalid;
        }
    }

    private static Command CreateDownload()
    {
        var name = new Argument<string>("NAME") { Description = "The release, for example 2025_H1." };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && !ReleaseName.IsValid(given))
                result.AddError($"'{given}' is no release's name; names look like 2025_H1.");
        });
        var dataDirectory = CommonOptions.DataDirectory();
        var revision = new Option<string>("--revision")
        {
            Description = "Branch, tag or commit of the dataset.",
            HelpName = "REV",
            DefaultValueFactory = _ => "main",
        };
        var command = new Command("download",
            "Downloads a release from the Hugging Face hub (dataset AQ-MedAI/LiveClin), or continues a download. HF_ENDPOINT names a mirror, HF_TOKEN an access token.") { name, dataDirectory, revision };
        command.SetAction(async (parsed, cancellationToken) => await CommandErrors.GuardAsync(parsed, async output =>
        {
            try
            {
                var settings = HubSettings.FromEnvironment(Environment.GetEnvironmentVariable) with
                {
                    Revision = parsed.GetValue(revision)!,
                };
                var terminal = ShownWriter.IsOver(output, Console.Out) && !Console.IsOutputRedirected;
                var folder = parsed.GetValue(dataDirectory) ?? new ReleaseLocator().NearestDataDirectory();
                await new DatasetDownload(settings, output, terminal).RunAsync(parsed.GetValue(name)!, folder, cancellationToken);
                return ExitCodes.Success;
            }
            catch (HubException e)
            {
                parsed.InvocationConfiguration.Error.WriteLine(RunText.Safe(e.Message));
                return e.IsSetup ? ExitCodes.Invalid : ExitCodes.SomeFailed;
            }
        }));
        return command;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
