using System.Collections.Concurrent;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.ResultSets;

/// <summary>Loads sets from the evaluator and keeps the last ones, as long as their runs have not moved on.</summary>
internal sealed class ResultSetLoader(EvaluatorSource source)
{
    private const int Kept = 4;
    private readonly ConcurrentDictionary<string, Lazy<Task<ResultSet>>> _loaded = new(StringComparer.Ordinal);

    /// <summary>The set that a selection means, as the evaluator has it now.</summary>
    /// <exception cref="SelectionException">There is nothing of the kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">The evaluator cannot be reached.</exception>
    public async Task<ResultSet> LoadAsync(RunSelection selection, CancellationToken cancellationToken)
    {
        var runs = await source.SelectAsync(selection, cancellationToken);
        var key = string.Join('|', runs.Select(Version));
        if (!_loaded.ContainsKey(key) && _loaded.Count >= Kept) _loaded.Clear();
        // Loaded once for all who wait, so nobody's own cancellation may stop it.
        var loading = _loaded.GetOrAdd(key, _ => new Lazy<Task<ResultSet>>(() => source.LoadAsync(runs, CancellationToken.None)));
        try
        {
            return await loading.Value.WaitAsync(cancellationToken);
        }
        catch when (loading.Value.IsFaulted)
        {
            _loaded.TryRemove(key, out _); // the next call tries again
            throw;
        }
    }

    private static string Version(Run run) => $"{run.Id}:{run.Status}:{run.Progress?.QuestionsDone}:{run.FinishedAt?.Seconds}";
}
