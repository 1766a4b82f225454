using LiveClin.Core.Simulated;
using LiveClin.Core.Text;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>A release that the pages can show.</summary>
/// <param name="Sha256">Its identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Models">Models that were asked something on it; no floors, no simulated examinees.</param>
/// <param name="Runs">Runs on it.</param>
internal sealed record ReleaseChoice(string Sha256, string Name, int Models, int Runs)
{
    /// <summary>The releases of runs, the one that pages open on first (see <see cref="ResultSets.RunSelector"/>).</summary>
    public static IReadOnlyList<ReleaseChoice> Of(IEnumerable<Run> runs) =>
    [
        .. runs.GroupBy(run => run.ReleaseSha256)
            .Select(release => (
                Choice: new ReleaseChoice(release.Key, TextRun.Name(release.First().ReleaseName),
                    Count(release, run => ModelKinds.Of(run.ApiId) == ModelKind.Model), release.Count()),
                Examined: Count(release, _ => true)))
            .OrderByDescending(release => release.Choice.Models).ThenByDescending(release => release.Examined)
                .Select(release => release.Choice),
    ];

    private static int Count(IEnumerable<Run> runs, Func<Run, bool> isMeant) =>
        runs.Where(run => !run.Hidden && run.Progress?.QuestionsDone > 0 && isMeant(run)).Select(run => run.Model).Distinct().Count();
}
