using System.Collections.Immutable;
using System.CommandLine;
using LiveClin.Core.Conditions;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Flips;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine;

/// <summary>Where a command takes its results from: one of a store, a core folder, v1 files.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _store = StoreOption.Optional();
    private readonly Option<string?> _folder = new("--folder") { Description = "Folder of evaluated case files (core).", HelpName = "DIR" };
    private readonly Option<string[]> _results = new("--results")
    {
        Description = "Results files of the v1 package.",
        HelpName = "FILE.json",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _release = new("--release")
    {
        Description = "With --store: the release, by name or SHA-256; otherwise the one with most models.",
        HelpName = "NAME",
    };
    private readonly Option<string> _condition = new("--condition")
    {
        Description = "With --store: the condition that cases were asked under.", HelpName = "NAME", DefaultValueFactory = _ =>
            Condition.PublishedName,
    };

    private readonly Option<string[]> _runs = new("--runs")
    {
        Description = "With --store: exactly these runs, instead of one of each model and setting.",
        HelpName = "ID",
        AllowMultipleArgumentsPerToken = true,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _store, _folder, _results, _release, _condition, _runs }) command.Options.Add(option);
        command.Validators.Add(parsed =>
        {
            if (new Option[] { _store, _folder, _results }.Count(source => parsed.GetResult(source) is not null) != 1)
                parsed.AddError("Give exactly one of --store, --folder, --results.");
            else if (parsed.GetResult(_store) is null
                && new Option[] { _release, _condition, _runs }.Any(option => parsed.GetResult(option) is { Implicit: false }))
                parsed.AddError("--release, --condition and --runs go with --store.");
        });
    }

    public ResultSet Load(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_folder) is { } folder) return CoreFolderSource.Load(folder, cancellationToken);
        if (parsed.GetValue(_store) is not { } path) return V1FileSource.Load(parsed.GetValue(_results)!);
        var selection = new RunSelection
        {
            Release = parsed.GetValue(_release),
            Condition = ReadCondition(parsed),
            RunIds = parsed.GetValue(_runs) ?? [],
        };
        return StoreSource.Load(ResultStore.OpenReadOnly(path), selection, cancellationToken);
    }

    /// <summary>
    /// What the scores of a set are made of, in the order of the leaderboard; nothing for sources that know no conditions.
    /// </summary>
    public ControlBoard LoadControls(ParseResult parsed, ResultSet set, RecencyTable recency, CancellationToken cancellationToken) =>
        parsed.GetValue(_store) is { } path
            ? new ControlSource(ResultStore.OpenReadOnly(path), set, recency).Board(cancellationToken) : new ControlBoard([]);

    /// <summary>These runs of the store, whatever is newest.</summary>
    public ResultSet LoadRuns(ParseResult parsed, IReadOnlyList<string> runs, CancellationToken cancellationToken) =>
        StoreSource.Load(ResultStore.OpenReadOnly(parsed.GetValue(_store)!), new RunSelection { RunIds = runs }, cancellationToken);

    /// <summary>Whether the results come from a store, which can hold more runs than a set shows.</summary>
    public bool IsStore(ParseResult parsed) => parsed.GetValue(_store) is not null;

    /// <summary>The run of the store that a text means: that of a model of the set, or the one with this identifier.</summary>
    /// <exception cref="ModelChoiceException">It is neither.</exception>
    public string FindRun(ParseResult parsed, ResultSet set, string given) =>
        set.FindModel(given)?.RunId ?? ResultStore.OpenReadOnly(parsed.GetValue(_store)!).FindRun(given)?.Id
        ?? throw new ModelChoiceException(
            $"there is no model or run '{given}'; there are: {string.Join(", ", set.Models.Select(m => m.Model))}.");

    /// <summary>Identifiers of all runs of the store that have a name on the set's release; empty for other sources.</summary>
    public IReadOnlyList<string> NamesakeRuns(ParseResult parsed, ResultSet set, string given)
    {
        if (parsed.GetValue(_store) is not { } path) return [];
        var (name, condition) = (set.Models.FirstOrDefault(m => m.RunId == given)?.SourceName ?? given, ReadCondition(parsed));
        return
        [
            .. from run in ResultStore.OpenReadOnly(path).ListRuns()
               where run.Specification.Model == name && run.Specification.Condition == condition
                   && run.Specification.ReleaseSha256 == set.ReleaseSha256
               select run.Id,
        ];
    }

    /// <summary>The texts of questions that changed side between two models of the set that <see cref="Load"/> gave.</summary>
    public ImmutableArray<FlipTexts> ReadTexts(
        ParseResult parsed, ResultSet set, ModelResults first, ModelResults second, ImmutableArray<Flip> flips)
    {
        if (parsed.GetValue(_folder) is { } folder) return FlipReader.FromFolder(folder, first, second, flips);
        return parsed.GetValue(_store) is { } path
            ? FlipReader.FromStore(ResultStore.OpenReadOnly(path), set, first, second, flips)
            : FlipReader.FromFiles(parsed.GetValue(_results)!, set, first, second, flips);
    }

    /// <summary>The prices of a settings file; none without one.</summary>
    public static PriceTable Prices(string? settings) =>
        settings is null ? PriceTable.Empty : PriceTable.From(ReadSettings(settings));

    /// <summary>The cut-offs and publication dates of a settings file; none without one.</summary>
    public static RecencyTable Recency(string? settings) =>
        settings is null ? RecencyTable.Empty : RecencyTable.From(ReadSettings(settings));

    private static IConfigurationRoot ReadSettings(string file)
    {
        file = Path.GetFullPath(file);
        RegularFile.Require(file);
        return new ConfigurationBuilder().AddJsonFile(file).Build();
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
}
