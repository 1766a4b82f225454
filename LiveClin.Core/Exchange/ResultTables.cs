using System.Globalization;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Core.Tables;

namespace LiveClin.Core.Exchange;

/// <summary>What an export of tables came to.</summary>
/// <param name="Files">The files, full paths: answers, runs, cases.</param>
/// <param name="Answers">Rows of the answers table.</param>
/// <param name="Cases">Rows of the cases table.</param>
public sealed record TablesWritten(IReadOnlyList<string> Files, long Answers, long Cases);

/// <summary>Writes runs as tables that people compute with: one row per answer, and tables of the runs and of their cases beside it.</summary>
public static class ResultTables
{
    /// <summary>Writes the three tables: <c>NAME.ext</c>, <c>NAME.runs.ext</c>, <c>NAME.cases.ext</c>. No more than one release and one group of rows is in memory.</summary>
    /// <param name="store">The store.</param>
    /// <param name="runs">The runs, in the order of the rows.</param>
    /// <param name="epoch">The epoch to write; null for all.</param>
    /// <param name="format">The format.</param>
    /// <param name="path">The file of the answers.</param>
    /// <param name="cancellationToken">Gives up; files that are complete stay.</param>
    /// <exception cref="StoreException">The store cannot be read, or a run has no such epoch.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<TablesWritten> WriteAsync(
        ResultStore store, IReadOnlyList<RunInfo> runs, int? epoch, TableFormat format, string path, CancellationToken cancellationToken)
    {
        var answers = await WriteAnswersAsync(store, runs, epoch, format, path, cancellationToken).ConfigureAwait(false);
        var labels = RunLabels.ByIdentity(store.ListRuns());
        var (runsFile, casesFile) = (Beside(path, "runs"), Beside(path, "cases"));
        await TableFile.WriteAsync(
            runsFile, format, RunColumns.All,
            runs.Select(run => new RunRow(run, labels[run.Specification.Identity], store.Tally(run), store.GetEnvironments(run.Id).LastOrDefault()?.Environment)),
            cancellationToken).ConfigureAwait(false);
        var cases = await TableFile.WriteAsync(
            casesFile, format, CaseColumns.All,
            runs.DistinctBy(run => run.Specification.ReleaseSha256).Select(run => RunResults.LoadRelease(store, run))
                .SelectMany(release => release.Cases.Select(clinicalCase => new CaseRow(release, clinicalCase))), cancellationToken).ConfigureAwait(false);
        return new TablesWritten([Path.GetFullPath(path), runsFile, casesFile], answers, cases);
    }

    /// <summary>Writes the answers table alone.</summary>
    /// <returns>The number of its rows.</returns>
    /// <exception cref="StoreException">The store cannot be read, or a run has no such epoch.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Task<long> WriteAnswersAsync(
        ResultStore store, IReadOnlyList<RunInfo> runs, int? epoch, TableFormat format, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        foreach (var run in runs) RunResults.CheckEpoch(run, epoch ?? 1);
        return TableFile.WriteAsync(path, format, AnswerColumns.All, Rows(store, runs, epoch), cancellationToken);
    }

    private static IEnumerable<AnswerRow> Rows(ResultStore store, IReadOnlyList<RunInfo> runs, int? wanted)
    {
        var labels = RunLabels.ByIdentity(store.ListRuns());
        Release? release = null;
        foreach (var run in runs)
        {
            if (release?.Sha256 != run.Specification.ReleaseSha256) release = RunResults.LoadRelease(store, run);
            var epochs = wanted is { } only ? [only] : Enumerable.Range(1, run.Target.Epochs);
            foreach (var row in epochs.SelectMany(epoch => AnswerRow.Stream(store, run, labels[run.Specification.Identity], release, epoch))) yield return row;
        }
    }

    // answers.csv → answers.runs.csv
    private static string Beside(string path, string table)
    {
        path = Path.GetFullPath(path);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}.{table}{Path.GetExtension(path)}");
        return Path.Combine(Path.GetDirectoryName(path)!, name);
    }
}
