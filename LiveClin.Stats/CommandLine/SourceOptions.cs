using System.CommandLine;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine;

/// <summary>Where a command takes its results from: one of a store, a core folder, v1 files.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _store = new("--store") { Description = "A result store, an SQLite file; only read.", HelpName = "FILE.db" };
    private readonly Option<string?> _folder = new("--folder") { Description = "Folder of evaluated case files (core).", HelpName = "DIR" };
    private readonly Option<string[]> _results = new("--results") { Description = "Results files of the v1 package.", HelpName = "FILE.json", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _release = new("--release") { Description = "With --store: the release, by name or SHA-256; otherwise the one with most models.", HelpName = "NAME" };
    private readonly Option<string> _condition = new("--condition")
    {
        Description = "With --store: the condition that cases were asked under.", HelpName = "NAME", DefaultValueFactory = _ => Condition.PublishedName,
    };

    private readonly Option<string[]> _runs = new("--runs") { Description = "With --store: exactly these runs, instead of one of each model and setting.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _store, _folder, _results, _release, _condition, _runs }) command.Options.Add(option);
        command.Validators.Add(parsed =>
        {
            if (new Option[] { _store, _folder, _results }.Count(source => parsed.GetResult(source) is not null) != 1) parsed.AddError("Give exactly one of --store, --folder, --results.");
            else if (parsed.GetResult(_store) is null && new Option[] { _release, _condition, _runs }.Any(option => parsed.GetResult(option) is { Implicit: false }))
                parsed.AddError("--release, --condition and --runs go with --store.");
        });
    }

    public ResultSet Load(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_folder) is { } folder) return CoreFolderSource.Load(folder, cancellationToken);
        if (parsed.GetValue(_store) is not { } path) return V1FileSource.Load(parsed.GetValue(_results)!);
        var selection = new RunSelection { Release = parsed.GetValue(_release), Condition = ReadCondition(parsed), RunIds = parsed.GetValue(_runs) ?? [] };
        return StoreSource.Load(ResultStore.OpenReadOnly(path), selection, cancellationToken);
    }

    private string ReadCondition(ParseResult parsed)
    {
        try
        {
            return Condition.Parse(parsed.GetValue(_condition)!).Name;
        }
        catch (FormatException error)
        {
            throw new StoreException(StoreProblem.Other, $"--condition: {error.Message}");
        }
    }

    /// <summary>The prices of a settings file; none without one.</summary>
    public static PriceTable Prices(string? settings) =>
        settings is null ? PriceTable.Empty : PriceTable.From(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(settings)).Build());
}
