using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.Core.Simulated;
using LiveClin.Core.Text;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Publishing;
using LiveClin.Stats.Reference;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>publish</c>: runs as files for public collections of evaluations. Nothing is sent anywhere.</summary>
internal static class PublishCommand
{
    private const string PublishedDataset = "AQ-MedAI/LiveClin";
    private const string EveryEvalEverFormat = "every-eval-ever", EvalResultsFormat = "eval-results";

    public static Command Create()
    {
        var format = Choice("--format",
            "every-eval-ever: aggregate and conversations (JSON, schema 0.3.0). eval-results: a YAML file for .eval_results/ of a model's repository on Hugging Face.", null, EveryEvalEverFormat, EvalResultsFormat);
        var store = StoreOption.Needed();
        var release = new Option<string?>("--release")
        {
            Description = "The release, by name or SHA-256; otherwise the one with most models.",
            HelpName = "NAME",
        };
        var runs = new Option<string[]>("--runs")
        {
            Description = "Exactly these runs, instead of one of each model and setting.",
            HelpName = "ID",
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--output")
        {
            Description = "Folder to write to; created when absent.",
            HelpName = "DIR",
            Required = true,
        };
        var model = new Option<string?>("--model-id")
        {
            Description = "With one run: the model as the hubs name it; otherwise its name on the wire.",
            HelpName = "DEVELOPER/NAME",
        };
        var organization = new Option<string>("--organization")
        {
            Description = "Who publishes (every-eval-ever).",
            HelpName = "NAME",
            DefaultValueFactory = _ => "unknown",
        };
        var relationship = Choice("--relationship", "Relation of who publishes to who made the model (every-eval-ever).", "third_party",
            "first_party", "third_party", "collaborative", "other");
        var availability = Choice("--availability", "Of the model (every-eval-ever).", "unknown", "open_weights", "closed_weights",
            "unknown");
        var deployment = Choice("--deployment", "Who served the model (every-eval-ever).", "unknown", "self_deployed", "externally_managed",
            "unknown");
        var dataset = new Option<string?>("--dataset-id")
        {
            Description = $"The data set on Hugging Face; {PublishedDataset} for the published release.",
            HelpName = "OWNER/NAME",
        };
        var task = new Option<string?>("--task-id")
        {
            Description = "Its task (eval-results); the release's name unless given.",
            HelpName = "NAME",
        };
        var source = new Option<string?>("--source") { Description = "Where the traces lie publicly (eval-results).", HelpName = "URL" };
        var command = new Command("publish", "Writes runs as files for public collections of evaluations; sends nothing.")
        {
            format, store, release, runs, output, model, organization, relationship, availability, deployment, dataset, task, source,
        };
        source.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && Address(given) is null)
                result.AddError("--source must be an http or https address.");
        });
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(store)!);
            var named = parsed.GetValue(runs) ?? [];
            var set = StoreSource.Load(results, new RunSelection { Release = parsed.GetValue(release), RunIds = named }, cancellationToken);
            var models = set.Models.Where(each => named.Length > 0 || each.Kind == ModelKind.Model).ToList();
            if (parsed.GetValue(model) is not null && models.Count != 1)
                throw new InvalidDataException($"--model-id names one model, and there are {models.Count}; name the run with --runs.");
            var isYaml = parsed.GetValue(format) == EvalResultsFormat;
            var options = new PublishOptions
            {
                ModelId = parsed.GetValue(model),
                Organization = parsed.GetValue(organization)!,
                Relationship = parsed.GetValue(relationship)!,
                Availability = parsed.GetValue(availability)!,
                Deployment = parsed.GetValue(deployment)!,
                DatasetId = parsed.GetValue(dataset) ?? (PublishedReference.AppliesTo(set) ? PublishedDataset : null),
                TaskId = parsed.GetValue(task) ?? set.Release,
                Source = parsed.GetValue(source) is { } address ? Address(address) : null,
            };
            if (isYaml && options.DatasetId is null)
                throw new InvalidDataException("--dataset-id is needed: the runs are not on the published release.");
            var written = await WriteAsync(parsed, results, models, options, isYaml, cancellationToken);
            var errors = parsed.InvocationConfiguration.Error;
            foreach (var damage in set.Damaged) await errors.WriteLineAsync("damaged: " + TextRun.Plain($"{damage}"));
            return set.Damaged.IsEmpty ? written : Math.Max(written, ExitCodes.SomeFailed);
        });
        return command;
    }

    // One run that cannot be published does not keep the others back; the exit code tells.
    private static async Task<int> WriteAsync(
        ParseResult parsed, ResultStore store, IReadOnlyList<ModelResults> models, PublishOptions options, bool isYaml,
        CancellationToken cancellationToken)
    {
        var console = parsed.InvocationConfiguration;
        var written = 0;
        foreach (var each in models)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var published = PublishedRun.Read(store, store.FindRun(each.RunId!)!, each.Model);
            if (WhyNot(published, isYaml) is { } reason)
            {
                await console.Error.WriteLineAsync($"error: {published.Label}: {reason}");
                continue;
            }

            var folder = parsed.GetValue<string>("--output")!;
            var files = isYaml
                ? [EvalResultsYaml.Write(published, options, folder)]
                : EveryEvalEver.Write(published, ConversationRecords.Of(store, published, options.ModelOf(published)), options, folder,
                    DateTimeOffset.UtcNow);
            foreach (var file in files) await console.Output.WriteLineAsync(file);
            written++;
        }

        if (models.Count == 0)
            await console.Error.WriteLineAsync(
                "error: there is no run of a model; floors and simulated examinees are published only when --runs names them.");
        return written == models.Count && written > 0 ? ExitCodes.Success : written > 0 ? ExitCodes.SomeFailed : ExitCodes.Invalid;
    }

    private static string? WhyNot(PublishedRun published, bool isYaml) => published switch
    {
        { Answered.Count: 0 } => "no case has a reply to every question.",
        { IsWhole: false } when isYaml =>
            $"only a run over the whole release, as published and with a reply to every question, goes on a leaderboard; this one has {published.Tally.QuestionsAnswered} of {published.Tally.Questions} replies "
            + $"and {published.Tally.CasesCovered} of {published.Tally.CasesInRelease} cases, under the condition '{published.Run.Specification.Condition}'.",
        _ => null,
    };

    private static Uri? Address(string given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : null;

    private static Option<string> Choice(string name, string description, string? otherwise, params string[] values)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', values),
            Required = otherwise is null,
        };
        if (otherwise is not null) option.DefaultValueFactory = _ => otherwise;
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
