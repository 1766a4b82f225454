using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.ResultSets;

/// <summary>
/// Loads sets from the evaluator. Cases are kept, and of each run the answers as long as it has not moved on; what is damaged in the
/// store is looked at again, because it may be put back without a move of any run.
/// </summary>
internal sealed class ResultSetLoader(EvaluatorSource source, TimeProvider time)
{
    // Reading again takes as long as reading, and many may look at a page.
    private static readonly TimeSpan DamageKeptFor = TimeSpan.FromSeconds(3);

    // Answers are stored in the order in which they come, give or take what is in flight.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    // Reading a run takes a core here and one in the evaluator, and its texts take their memory.
    private readonly SemaphoreSlim _reading = new(Math.Clamp(Environment.ProcessorCount, 2, 8));
    private readonly ConcurrentDictionary<string, Lazy<Task<ImmutableArray<CaseFacts>>>> _cases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoadedRun> _runs = new(StringComparer.Ordinal);

    // Several releases and choices of runs are looked at side by side; each look at a running one makes another set.
    private const int KeptSets = 4;
    private readonly ConcurrentDictionary<string, Lazy<Task<ResultSet>>> _sets = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<ResultSet, StrongBox<long>> _damagedAt = [];

    /// <summary>The set that a selection means, as the evaluator has it now.</summary>
    /// <exception cref="RequestException">There is nothing of the kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<ResultSet> LoadAsync(RunSelection selection, CancellationToken cancellationToken) =>
        (await LoadWithRunsAsync(selection, cancellationToken)).Set;

    /// <summary>The same, with every run that the evaluator has, newest first.</summary>
    /// <exception cref="RequestException">There is nothing of the kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<(ResultSet Set, IReadOnlyList<Run> Runs)> LoadWithRunsAsync(RunSelection selection,
        CancellationToken cancellationToken)
    {
        var selected = await source.SelectAsync(selection, cancellationToken);
        return (await LoadAsync(selected.Runs, selected.Note, cancellationToken), selected.All);
    }

    private async Task<ResultSet> LoadAsync(IReadOnlyList<EvaluatorRun> runs, string? note, CancellationToken cancellationToken)
    {
        var key = string.Join('|', runs.Select(run => $"{Version(run.Run)}:{run.Label}").Append(note));
        if (_sets.Count >= KeptSets && !_sets.ContainsKey(key)) _sets.Clear();
        // One set for all who wait: what is computed of it is computed once. So nobody's own cancellation may stop it.
        var loading = _sets.GetOrAdd(key, _ => new(() => LoadAsync(runs, note)));
        var set = await AwaitAsync(_sets, key, loading, cancellationToken);
        if (set.Damaged.IsEmpty || time.GetElapsedTime(_damagedAt.GetValue(set, _ => new(time.GetTimestamp())).Value) < DamageKeptFor)
            return set;
        _sets.TryUpdate(key, new(() => LoadAgainAsync(set, runs, note)), loading);
        return await AwaitAsync(_sets, key, _sets.GetOrAdd(key, loading), cancellationToken);
    }

    // The set itself, with all that was computed of it, when the same is damaged as before.
    private async Task<ResultSet> LoadAgainAsync(ResultSet known, IReadOnlyList<EvaluatorRun> runs, string? note)
    {
        var release = runs[0].Run.ReleaseSha256;
        var cases = await source.LoadCasesAsync(release, CancellationToken.None);
        if (!known.Cases.Where(before => before.IsDamaged).Select(before => before.Id)
            .SequenceEqual(cases.Where(now => now.IsDamaged).Select(now => now.Id)))
            _cases[release] = new(() => Task.FromResult(cases));
        foreach (var run in known.Damaged.Select(damage => damage.RunId).Distinct()) _runs.TryRemove(run, out _);
        var read = await LoadAsync(runs, note);
        var result = read.Damaged.SequenceEqual(known.Damaged) ? known : read;
        _damagedAt.AddOrUpdate(result, new(time.GetTimestamp()));
        return result;
    }

    private async Task<ResultSet> LoadAsync(IReadOnlyList<EvaluatorRun> runs, string? note)
    {
        var release = runs[0].Run.ReleaseSha256;
        var cases = await AwaitAsync(
            _cases, release, _cases.GetOrAdd(release, _ => new(() => source.LoadCasesAsync(release, CancellationToken.None))),
            CancellationToken.None);
        var models = await Task.WhenAll(runs.Select(run => ModelAsync(run, cases, CancellationToken.None)));
        var builder = new ResultSetBuilder(runs[0].Run.ReleaseName, release, cases);
        if (note is not null) builder.Note(note);
        foreach (var model in models) builder.AddModel(model);
        return builder.Build();
    }

    /// <summary>Changes whenever a run moves on.</summary>
    public static string Version(Run run) => $"{run.Id}:{run.Status}:{run.Progress?.QuestionsDone}:{run.FinishedAt?.Seconds}";

    private async Task<ModelResults> ModelAsync(EvaluatorRun run, ImmutableArray<CaseFacts> cases, CancellationToken cancellationToken)
    {
        var version = Version(run.Run);
        var loaded = _runs.AddOrUpdate(run.Run.Id, _ => Begin(null), (_, known) =>
            known.Version == version && known.Cases == cases && !known.Answers.Value.IsFaulted
                ? known : Begin(known.Cases == cases ? known : null));
        var model = (await loaded.Answers.Value.WaitAsync(cancellationToken)).Model;
        // Another namesake changes the label of a run that has not moved on.
        return model.Model == run.Label ? model : model with { Model = run.Label };

        LoadedRun Begin(LoadedRun? before) => new(version, cases, new(() => ReadAsync(run, cases, before)));
    }

    // While a run goes on, only what is new is read; once it has ended, all of it, whatever became of clocks meanwhile.
    private async Task<RunAnswers> ReadAsync(EvaluatorRun run, ImmutableArray<CaseFacts> cases, LoadedRun? before)
    {
        var known = run.Run.Active
            && before is { Answers: { IsValueCreated: true,
            Value: { IsCompletedSuccessfully: true, Result: { Newest: not null } answers } } } ? answers : null;
        await _reading.WaitAsync();
        try
        {
            return await source.LoadAnswersAsync(run, cases, known, known?.Newest - Overlap, CancellationToken.None);
        }
        finally
        {
            _reading.Release();
        }
    }

    private static async Task<T> AwaitAsync<T>(ConcurrentDictionary<string, Lazy<Task<T>>> kept, string key, Lazy<Task<T>> loading,
        CancellationToken cancellationToken)
    {
        try
        {
            return await loading.Value.WaitAsync(cancellationToken);
        }
        catch when (loading.Value.IsFaulted)
        {
            kept.TryRemove(KeyValuePair.Create(key, loading)); // the next call tries again
            throw;
        }
    }

    // Answers are laid out over the cases that they were read with.
    private sealed record LoadedRun(string Version, ImmutableArray<CaseFacts> Cases, Lazy<Task<RunAnswers>> Answers);
}
