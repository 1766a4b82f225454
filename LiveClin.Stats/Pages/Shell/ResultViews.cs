using System.Runtime.CompilerServices;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>The views of the loaded result sets; each lives as long as its set.</summary>
internal sealed class ResultViews(ResultSetLoader loader)
{
    private readonly ConditionalWeakTable<ResultSet, ResultView> _views = [];

    /// <summary>The view of a release, as the evaluator has it now.</summary>
    /// <param name="release">Name or SHA-256; null for the one that was run last.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ResultView> GetAsync(string? release, CancellationToken cancellationToken)
    {
        var set = await loader.LoadAsync(new RunSelection { Release = string.IsNullOrEmpty(release) ? null : release }, cancellationToken);
        return _views.GetValue(set, static s => new ResultView(s));
    }
}
