using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>A selection of a store's runs. What is not said does not restrict; runs that are named are taken whatever they are.</summary>
public sealed record RunFilter
{
    /// <summary>Exactly these runs, by identifier or an unambiguous beginning of it; empty for all that the rest leaves.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Models by display name or label; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The release, by name or SHA-256.</summary>
    public string? Release { get; init; }

    /// <summary>The condition.</summary>
    public string? Condition { get; init; }

    /// <summary>A tag that people gave.</summary>
    public string? Tag { get; init; }

    /// <summary>True for hidden and superseded runs, too.</summary>
    public bool IncludesAll { get; init; }

    /// <summary>The runs, by release and then oldest first.</summary>
    /// <exception cref="StoreException">There is none, or a run or model that was named is not there.</exception>
    public IReadOnlyList<RunInfo> Select(ResultStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var all = store.ListRuns();
        var labels = RunLabels.ByIdentity(all);
        foreach (var model in Models.Where(model => !all.Any(run => IsCalled(run, model))))
            throw Problem(store,
                $"there is no run of '{model}'; there are: {string.Join(", ", labels.Values.Distinct().Order(StringComparer.Ordinal))}");
        var ids = Ids.Select(id => store.FindRun(id)?.Id
            ?? throw Problem(store, $"there is no run '{id}'. 'runs list' shows what there is")).ToHashSet(StringComparer.Ordinal);
        List<RunInfo> selected =
        [
            .. all.Reverse().Where(run =>
                (ids.Count == 0 ? IncludesAll || run is { IsHidden: false, SupersededBy: null } : ids.Contains(run.Id))
                && (Models.Count == 0 || Models.Any(model => IsCalled(run, model)))
                && (Release is null || Release == run.Specification.ReleaseName || Release == run.Specification.ReleaseSha256)
                && (Condition is null || Condition == run.Specification.Condition)
                && (Tag is null || run.Tags.Contains(Tag))),
        ];
        if (selected.Count == 0) throw Problem(store, "no run fits the selection. 'runs list --all' shows what there is");
        return [.. selected.GroupBy(run => run.Specification.ReleaseSha256).SelectMany(release => release)];

        bool IsCalled(RunInfo run, string name) => run.Specification.Model == name || labels[run.Specification.Identity] == name;
    }

    private static StoreException Problem(ResultStore store, string what) => new(StoreProblem.Other, $"{store.Path}: {what}.");
}
