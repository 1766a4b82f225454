using System.CommandLine;
using System.Text.RegularExpressions;
using LiveClin.AppHost.Settings;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;

namespace LiveClin.AppHost.Slurm;

/// <summary>
/// <c>sbatch</c>: writes the job of <c>deploy/slurm</c> with everything in it that would else be said when it is submitted.
/// </summary>
internal static partial class SbatchCommand
{
    private const string Template = "liveclin.sbatch", Models = "models", Shards = "shards";
    private const int DefaultTasks = 8;

    public static Command Create()
    {
        var settings = new Option<string>("--settings") { Description = "Settings of the sweep.", HelpName = "FILE.json", Required = true };
        var array = new Option<string?>("--array")
        {
            Description = "One task for each model, or one for each part of the cases.",
            HelpName = "models|shards",
        };
        array.AcceptOnlyFromAmong(Models, Shards);
        var tasks = new Option<int?>("--tasks")
        {
            Description = $"With --array shards: the number of parts; {DefaultTasks} unless given.",
            HelpName = "N",
        };
        var time = new Option<string?>("--time") { Description = "The wall time, as Slurm writes it.", HelpName = "[D-]HH:MM:SS" };
        var nodes = new Option<int?>("--nodes")
        {
            Description = "Nodes of the job; as many as the largest of the models needs (Nodes) unless given.",
            HelpName = "N",
        };
        var output = new Option<string?>("--output")
        {
            Description = "Write to this file instead of the standard output.",
            HelpName = "FILE",
        };
        var command = new Command("sbatch",
            "Writes a Slurm job that runs this sweep: submit it with sbatch. docs/cluster.md says what it does.")
        {
            settings, array, tasks, time, nodes, output,
        };
        command.SetAction(parsed =>
        {
            var job = new SlurmJobText(parsed.GetValue(settings)!, parsed.GetValue(time), parsed.GetValue(nodes));
            var error = parsed.InvocationConfiguration.Error;
            if (ProblemOf(job, parsed.GetValue(array), parsed.GetValue(tasks)) is { } problem)
            {
                error.WriteLine(problem);
                return ExitCodes.Invalid;
            }

            var models = parsed.GetValue(array) == Models ? job.ReadModels() : [];
            var count = parsed.GetValue(array) switch { Models => models.Count, Shards => parsed.GetValue(tasks) ?? DefaultTasks, _ => 0 };
            var text = job.Write(ReadTemplate(), models, count);
            if (parsed.GetValue(output) is { } file) File.WriteAllText(file, text);
            else parsed.InvocationConfiguration.Output.Write(text);
            if (!job.HasLauncher)
                error.WriteLine("The job starts the program named by LIVECLIN: the launcher of a folder that deploy/offline/make.sh makes, ./liveclin/liveclin unless set.");
            if (SlurmJobText.FindStoreVariable() is { } variable)
                error.WriteLine($"{variable} is set here. The job makes no use of it: it keeps its answers on its node and joins them "
                    + "in a file.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string? ProblemOf(SlurmJobText job, string? array, int? tasks)
    {
        if (!File.Exists(job.Settings)) return $"--settings: there is no file {job.Settings}.";
        if (job.Time is { } time && !WallTime().IsMatch(time))
            return $"--time: '{time}' is no wall time; 12:00:00 and 1-00:00:00 are some.";
        if (job.Nodes is < 1) return "--nodes: at least 1.";
        if (tasks is < 2) return "--tasks: at least 2.";
        if (tasks is not null && array != Shards) return "--tasks goes with --array shards.";
        try
        {
            RegularFile.Require(job.Settings);
            if (job.Nodes is { } nodes && job.ReadNodes() is var needed && needed > nodes)
                return $"--nodes: a model in {job.Settings} needs {needed} (Nodes); without the switch the job has as many.";
            if (job.ReadStore() is (var setting, var store) && StoreSettings.Of(store).File is null)
                return $"{job.Settings}: {setting} is a database, and this job keeps its answers on its node and joins them in a file. "
                    + "Leave it out; evaluators that share a database need no job of this kind (docs/cluster.md).";
            if (array != Models) return null;
            var models = job.ReadModels();
            if (models.Count == 0) return $"{job.Settings} names no models under LiveClin:Models.";
            if (models.Contains("")) return $"{job.Settings}: with --array models each model needs a Name, by which its task asks for it.";
            return models.FirstOrDefault(name => name.Contains(',', StringComparison.Ordinal)) is { } several
                ? $"{job.Settings}: the model '{several}' cannot be asked for by its task, because --models separates names by commas. "
                    + "Give it another Name." : null;
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            return $"--settings: {error.Message}";
        }
        catch (InvalidDataException error)
        {
            return $"{job.Settings} is not valid JSON: {error.InnerException?.Message ?? error.Message}";
        }
    }

    private static string ReadTemplate()
    {
        using var text = new StreamReader(typeof(SbatchCommand).Assembly.GetManifestResourceStream(Template)!);
        return text.ReadToEnd();
    }

    [GeneratedRegex(@"^(\d+-)?\d{1,4}(:\d{1,2}){0,2}$")]
    private static partial Regex WallTime();
}
