using System.Collections.Concurrent;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.ResultSets;

/// <summary>Loads sets from the evaluator. Cases are kept, and of each run the answers as long as it has not moved on.</summary>
internal sealed class ResultSetLoader(EvaluatorSource source)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<CaseFacts>>>> _cases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoadedRun> _runs = new(StringComparer.Ordinal);
    private volatile LoadedSet? _last;

    /// <summary>The set that a selection means, as the evaluator has it now.</summary>
    /// <exception cref="RequestException">There is nothing of the kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<ResultSet> LoadAsync(RunSelection selection, CancellationToken cancellationToken)
    {
        var runs = await source.SelectAsync(selection, cancellationToken);
        var key = string.Join('|', runs.Select(Version));
        if (_last is { } last && last.Key == key) return last.Set;
        var release = runs[0].ReleaseSha256;
        // What is loaded serves all who wait, so nobody's own cancellation may stop it.
        var cases = await AwaitAsync(_cases, release, _cases.GetOrAdd(release, _ => new(() => source.LoadCasesAsync(release, CancellationToken.None))), cancellationToken);
        var answers = await Task.WhenAll(runs.Select(run => AnswersAsync(run, cases, cancellationToken)));
        var set = Build(runs, cases, answers);
        _last = new LoadedSet(key, set);
        return set;
    }

    /// <summary>Changes whenever a run moves on.</summary>
    public static string Version(Run run) => $"{run.Id}:{run.Status}:{run.Progress?.QuestionsDone}:{run.FinishedAt?.Seconds}";

    private async Task<IReadOnlyDictionary<int, AnswerFacts[]>> AnswersAsync(Run run, IReadOnlyList<CaseFacts> cases, CancellationToken cancellationToken)
    {
        var version = Version(run);
        var loaded = _runs.AddOrUpdate(run.Id, _ => Begin(), (_, known) => known.Version == version && !known.Answers.Value.IsFaulted ? known : Begin());
        return await loaded.Answers.Value.WaitAsync(cancellationToken);

        LoadedRun Begin() => new(version, new(() => source.LoadAnswersAsync(run, cases, CancellationToken.None)));
    }

    private static async Task<T> AwaitAsync<T>(ConcurrentDictionary<string, Lazy<Task<T>>> kept, string key, Lazy<Task<T>> loading, CancellationToken cancellationToken)
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

    private static ResultSet Build(IReadOnlyList<Run> runs, IReadOnlyList<CaseFacts> cases, IReadOnlyDictionary<int, AnswerFacts[]>[] answers)
    {
        var builder = new ResultSetBuilder(runs[0].ReleaseName, runs[0].ReleaseSha256);
        foreach (var one in cases) builder.AddCase(one);
        foreach (var (index, run) in runs.Index())
        {
            var model = builder.AddModel(run.Model);
            model.RunId = run.Id;
            model.IsBaseline = run.ApiId.StartsWith("baseline/", StringComparison.Ordinal);
            model.IsComplete = run.Status == RunStatus.Completed;
            foreach (var (one, of) in answers[index]) model.Answers[one] = of;
        }

        return builder.Build();
    }

    private sealed record LoadedRun(string Version, Lazy<Task<IReadOnlyDictionary<int, AnswerFacts[]>>> Answers);

    private sealed record LoadedSet(string Key, ResultSet Set);
}
