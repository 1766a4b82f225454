using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>
/// The views of the loaded result sets. Asking the evaluator what is newest takes seconds when it holds many answers, so a view that is
/// known is shown while the question is on its way; the next look has what came of it.
/// </summary>
internal sealed class ResultViews(ResultSetLoader loader, PriceTable prices, SharedWork work)
{
    private const int KeptReleases = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    private readonly ConditionalWeakTable<ResultSet, ResultView> _views = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<ResultView>>> _asking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ResultView> _known = new(StringComparer.Ordinal);

    /// <summary>The view of a release: as the evaluator has it now, or as it was at the last look when that takes longer.</summary>
    /// <param name="release">Name or SHA-256; null for the one with most models.</param>
    /// <param name="use">Runs that stand for their model and setting, whichever the rule would take.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ResultView> GetAsync(string? release, string[]? use, CancellationToken cancellationToken)
    {
        var key = Key(release, use);
        // Asked once for all who wait, so nobody's own cancellation may stop it.
        var asking = _asking.GetOrAdd(key, _ => new Lazy<Task<ResultView>>(() => Task.Run(() => AskAsync(key, release, use)))).Value;
        if (_known.TryGetValue(key, out var known) && await Task.WhenAny(asking, Task.Delay(Patience, cancellationToken)) != asking)
            return known;
        return await asking.WaitAsync(cancellationToken);
    }

    /// <summary>The view of a release as it was at the last look; null before the first.</summary>
    /// <param name="release">As in <see cref="GetAsync"/>.</param>
    /// <param name="use">As in <see cref="GetAsync"/>.</param>
    public ResultView? Known(string? release, string[]? use) => _known.GetValueOrDefault(Key(release, use));

    /// <summary>The releases that have runs, as of the last look; the one that pages open on is first.</summary>
    public IReadOnlyList<ReleaseChoice> Releases { get; private set; } = [];

    /// <summary><see cref="Releases"/> are others now.</summary>
    public event Action? ReleasesChanged;

    private static string Key(string? release, string[]? use) =>
        string.Join('\n', (use ?? []).Order(StringComparer.Ordinal).Prepend(release ?? ""));

    private void Note(IReadOnlyList<ReleaseChoice> releases)
    {
        if (releases.SequenceEqual(Releases)) return;
        Releases = releases;
        ReleasesChanged?.Invoke();
    }

    private async Task<ResultView> AskAsync(string key, string? release, string[]? use)
    {
        try
        {
            var selection = new RunSelection { Release = string.IsNullOrEmpty(release) ? null : release, PreferredRunIds = use ?? [] };
            var (set, runs) = await loader.LoadWithRunsAsync(selection, CancellationToken.None);
            var view = _views.GetValue(set, s => new ResultView(s, prices));
            view.Runs = runs;
            Note(ReleaseChoice.Of(runs));
            view.Prepare();
            if (_known.Count >= KeptReleases) _known.Clear();
            var isFirst = !_known.ContainsKey(key);
            _known[key] = view;
            // While a run goes on, every look has another set; then only who asks for a comparison waits for it.
            if (isFirst || set.Models.All(m => m.IsComplete)) _ = view.PrepareComparisonsAsync(work);
            return view;
        }
        catch
        {
            _known.TryRemove(key, out _);
            throw;
        }
        finally
        {
            _asking.TryRemove(key, out _);
        }
    }
}
