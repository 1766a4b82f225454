using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>controls</c>: what each model's score is made of, as far as its conditions were run.</summary>
internal static class ControlsCommand
{
    public static Command Create()
    {
        var store = StoreOption.Needed();
        var release = new Option<string?>("--release")
        {
            Description = "The release, by name or SHA-256; otherwise the one with most models.",
            HelpName = "NAME",
        };
        var model = new Option<string?>("--model") { Description = "Only this model, by name or label.", HelpName = "NAME" };
        var json = new Option<string?>("--json") { Description = "Also write everything as JSON.", HelpName = "FILE.json" };
        var dates = new Option<string?>("--dates")
        {
            Description = "When cases were published: CSV of case identifier and date. With --cutoff: the recency gap.",
            HelpName = "FILE.csv",
        };
        var cutoff = new Option<string?>("--cutoff")
        {
            Description = "Last day of the model's training data, such as 2024-10-01 or 2024-10.",
            HelpName = "DATE",
        };
        var settings = new Option<string?>("--settings")
        {
            Description = "Settings file with the models' TrainingCutoff and LiveClin:PublicationDates: the recency gap of each.",
            HelpName = "FILE.json",
        };
        var command = new Command("controls",
            "Says what each model's score is made of: figures, case, order of the options, its own history.")
        {
            store, release, model, json, dates, cutoff, settings,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(dates) is null != parsed.GetValue(cutoff) is null) parsed.AddError("--dates and --cutoff go together.");
            else if (parsed.GetValue(dates) is not null && parsed.GetValue(settings) is not null)
                parsed.AddError("Either --dates and --cutoff, or --settings.");
            else if (parsed.GetValue(cutoff) is { } day && PublicationDates.Parse(day) is null)
                parsed.AddError($"--cutoff: '{day}' is not a date such as 2024-10-01.");
        });
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            var recency = parsed.GetValue(dates) is { } file && PublicationDates.Parse(parsed.GetValue(cutoff)!) is { } lastDay
                ? RecencyTable.Of(PublicationDates.Read(file), lastDay)
                : SourceOptions.Recency(parsed.GetValue(settings));
            await using var results = ResultStore.OpenReadOnly(parsed.GetValue(store)!);
            var source = ControlSource.Load(results, new RunSelection { Release = parsed.GetValue(release) }, recency, cancellationToken);
            var wanted = source.Models.Where(each => parsed.GetValue(model) is not { } name || each.Model == name
                || each.SourceName == name).ToList();
            var console = parsed.InvocationConfiguration;
            if (wanted.Count == 0)
            {
                var known = string.Join(", ", source.Models.Select(each => each.Model));
                await console.Error.WriteLineAsync($"error: there is no model '{parsed.GetValue(model)}'; there are: {known}.");
                return ExitCodes.Invalid;
            }

            var controls = wanted.Select(source.Of).ToList();
            foreach (var each in controls) await WriteAsync(console.Output, source.Set.Release, each);
            if (controls.Count > 1 && ControlFindings.Of(controls) is { Length: > 0 } found)
                await console.Output.WriteLineAsync($"Found: {TextRun.Plain(found)}");
            if (parsed.GetValue(json) is { } path)
                AtomicFile.Write(Path.GetFullPath(path),
                    stream => JsonSerializer.Serialize(stream, controls, ControlsJson.Default.ListModelControls));
            foreach (var damage in source.Set.Damaged) await console.Error.WriteLineAsync("damaged: " + TextRun.Plain($"{damage}"));
            return source.Set.Damaged.IsEmpty ? ExitCodes.Success : ExitCodes.SomeFailed;
        });
        return command;
    }

    private static async Task WriteAsync(TextWriter output, string release, ModelControls controls)
    {
        await output.WriteLineAsync($"{TextRun.Name(controls.Model)} on {TextRun.Name(release)}: {ControlText.Published(controls)}");
        foreach (var line in ControlText.Sentences(controls)) await output.WriteLineAsync($"  {line}");
        if (controls.MissingCommand is { } missing)
            await output.WriteLineAsync($"  This command runs what was not run: {TextRun.Plain(missing)}");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true,
    Converters = [typeof(NullForNaN)])]
[JsonSerializable(typeof(List<ModelControls>))]
internal sealed partial class ControlsJson : JsonSerializerContext;
