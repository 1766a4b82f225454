using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.View;
using Verdict = LiveClin.Core.Reviews.Verdict;

namespace LiveClin.Stats.Controls;

/// <summary>
/// The controls of the models of a set, from the evaluator that the set came from. What was worked out of a model is kept until one of
/// its runs has moved on; of its answers under conditions nothing is.
/// </summary>
internal sealed class ControlReader(EvaluatorSource source, PageAccess access, RecencyTable recency)
{
    // Each takes a core here and one in the evaluator, and holds a dozen runs meanwhile.
    private readonly SemaphoreSlim _working = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly ConditionalWeakTable<ResultSet, ConcurrentDictionary<string, Kept>> _kept = [];
    private long _begun;
    private readonly ConcurrentDictionary<string, Task<ReleaseInfo?>> _releases = new(StringComparer.Ordinal);

    /// <summary>What the scores of the models of a set are made of, in the order of the leaderboard.</summary>
    /// <param name="set">The set.</param>
    /// <param name="runs">Every run that the evaluator has, newest first.</param>
    /// <param name="names">Models to look at, by name; null or empty for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<ControlBoard> BoardAsync(
        ResultSet set, IReadOnlyList<Run> runs, IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        var chosen = Choose(set, runs);
        var verdicts = await VerdictsAsync(set, cancellationToken);
        var models = Leaderboard.Of(set).Rows.Select(row => row.Ledger.Model)
            .Where(model => chosen.ContainsKey(model.Model) && (names is not { Count: > 0 } || names.Contains(model.Model)));
        var kept = models.Select(model => Keep(set, chosen[model.Model], verdicts)).ToList();
        // What is worked out serves all who wait, so nobody's own cancellation may stop it.
        var controls = await Task.WhenAll(kept.Select(each => each.Controls.Value)).WaitAsync(cancellationToken);
        return new ControlBoard([.. controls])
        {
            Verdicts = verdicts, Version = $"{string.Join(',', kept.Select(each => each.Number))} {Verdict.VersionOf(verdicts)}",
        };
    }

    /// <summary>What one model's score is made of; null for one that was not asked as published.</summary>
    /// <param name="set">The set.</param>
    /// <param name="runs">Every run that the evaluator has, newest first.</param>
    /// <param name="model">A model of the set.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<ModelControls?> FindAsync(ResultSet set, IReadOnlyList<Run> runs, ModelResults model,
        CancellationToken cancellationToken) =>
        Choose(set, runs).TryGetValue(model.Model, out var chosen)
            ? await Keep(set, chosen, await VerdictsAsync(set, cancellationToken)).Controls.Value.WaitAsync(cancellationToken)
            : null;

    /// <summary>A model's results under a condition; null where it was not run.</summary>
    /// <param name="set">The set.</param>
    /// <param name="runs">Every run that the evaluator has, newest first.</param>
    /// <param name="model">A model of the set.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<ModelResults?> FindConditionAsync(
        ResultSet set, IReadOnlyList<Run> runs, ModelResults model, string condition, CancellationToken cancellationToken) =>
        Choose(set, runs).GetValueOrDefault(model.Model)?.Conditions.FirstOrDefault(run => run.Condition == condition) is { } run
            ? await source.LoadConditionAsync(RunReading.ToRunInfo(run), set.Cases, cancellationToken) : null;

    private static Dictionary<string, ChosenRuns> Choose(ResultSet set, IReadOnlyList<Run> runs)
    {
        // The runs of a set were chosen from all of them; only those that share a setting with them matter here.
        var byId = runs.ToDictionary(run => run.Id, StringComparer.Ordinal);
        var shown = set.Models.Where(model => model.RunId is { } run && byId.ContainsKey(run)).ToList();
        var conditioned = RunSelector.Conditioned(
            [.. runs.Where(run => run.ReleaseSha256 == set.ReleaseSha256).Select(RunReading.ToCandidate)],
            shown.Select(model => model.RunId!),
            shown.Where(model => model.Condition != Condition.PublishedName).Select(model => model.RunId!)
                .ToHashSet(StringComparer.Ordinal));
        return shown.Where(model => conditioned.ContainsKey(model.RunId!)).ToDictionary(
            model => model.Model, model =>
                new ChosenRuns(model, byId[model.RunId!], [.. conditioned[model.RunId!].Select(run => byId[run.Run.Id])]),
                StringComparer.Ordinal);
    }

    /// <summary>What reviewers say of the questions of a set's release.</summary>
    /// <param name="set">The set.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<IReadOnlyList<Verdict>> VerdictsAsync(ResultSet set, CancellationToken cancellationToken) =>
        set.ReleaseSha256 is { } sha256 ? await source.LoadVerdictsAsync(sha256, cancellationToken) : [];

    private Kept Keep(ResultSet set, ChosenRuns chosen, IReadOnlyList<Verdict> verdicts)
    {
        var version = $"{chosen.Version}|{string.Join(';', verdicts)}";
        return _kept.GetOrCreateValue(set).AddOrUpdate(
            chosen.Model.Model, _ => Begin(), (_, known) => known.Version == version && !known.Controls.Value.IsFaulted ? known : Begin());

        Kept Begin() => new(
            version, Interlocked.Increment(ref _begun),
            new Lazy<Task<ModelControls>>(() => Task.Run(() => ComputeAsync(set, chosen, verdicts))));
    }

    private async Task<ModelControls> ComputeAsync(ResultSet set, ChosenRuns chosen, IReadOnlyList<Verdict> verdicts)
    {
        var command = await CommandAsync(chosen.Published);
        await _working.WaitAsync();
        try
        {
            var conditions = await Task.WhenAll(
                chosen.Conditions.Select(run => source.LoadConditionAsync(RunReading.ToRunInfo(run), set.Cases, CancellationToken.None)));
            return ModelControls.Of(set, chosen.Model, conditions, command, verdicts) with { Recency = recency.Find(set, chosen.Model) };
        }
        finally
        {
            _working.Release();
        }
    }

    // A bundle is no place to which anything could be added.
    private async Task<RunCommand?> CommandAsync(Run published)
    {
        if (access is { IsReadOnly: true, StorePath: null }) return null;
        var finding = _releases.GetOrAdd(published.ReleaseSha256, sha256 => source.FindReleaseAsync(sha256, CancellationToken.None));
        try
        {
            var release = await finding;
            return new RunCommand(RunReading.ToRunInfo(published), release?.JsonlPath, release?.ImageRoot, access.StorePath);
        }
        catch
        {
            _releases.TryRemove(KeyValuePair.Create(published.ReleaseSha256, finding));
            throw;
        }
    }

    private sealed record ChosenRuns(ModelResults Model, Run Published, ImmutableArray<Run> Conditions)
    {
        public string Version { get; } = string.Join('|', Conditions.Select(ResultSetLoader.Version));
    }

    private sealed record Kept(string Version, long Number, Lazy<Task<ModelControls>> Controls);
}
