using System.Globalization;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Core.Tables;

namespace LiveClin.Core.Exchange;

/// <summary>What an export of tables came to.</summary>
/// <param name="Files">The files, full paths: answers, runs, cases.</param>
/// <param name="Answers">Rows of the answers table.</param>
/// <param name="Cases">Rows of the cases table.</param>
/// <param name="Damaged">What is damaged in the store, and so not in the files.</param>
public sealed record TablesWritten(IReadOnlyList<string> Files, long Answers, long Cases, IReadOnlyList<StoreDamage> Damaged);

/// <summary>What an export of answers alone came to.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Damaged">What is damaged in the store, and so not in the file.</param>
public sealed record AnswersWritten(long Rows, IReadOnlyList<StoreDamage> Damaged);

/// <summary>
/// Writes runs as tables that people compute with: one row per answer, and tables of the runs and of their cases beside it.
/// </summary>
public static class ResultTables
{
    /// <summary>
    /// Writes the three tables: <c>NAME.ext</c>, <c>NAME.runs.ext</c>, <c>NAME.cases.ext</c>. No more than one release and one group of
    /// rows is in memory.
    /// </summary>
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
            runs.Select(run => new RunRow(
                run, labels[run.Specification.Identity], store.Tally(run), store.GetEnvironments(run.Id).LastOrDefault()?.Environment)),
            cancellationToken).ConfigureAwait(false);
        var cases = await TableFile.WriteAsync(
            casesFile, format, CaseColumns.All,
            runs.DistinctBy(run => run.Specification.ReleaseSha256).Select(run => RunResults.LoadRelease(store, run))
                .SelectMany(release => release.Cases.Where(clinicalCase => !clinicalCase.IsDamaged)
                    .Select(clinicalCase => new CaseRow(release, clinicalCase))), cancellationToken).ConfigureAwait(false);
        return new TablesWritten([Path.GetFullPath(path), runsFile, casesFile], answers.Rows, cases, answers.Damaged);
    }

    /// <summary>Writes the answers table alone.</summary>
    /// <exception cref="StoreException">The store cannot be read, or a run has no such epoch.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<AnswersWritten> WriteAnswersAsync(
        ResultStore store, IReadOnlyList<RunInfo> runs, int? epoch, TableFormat format, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        foreach (var run in runs) RunResults.CheckEpoch(run, epoch ?? 1);
        var damaged = new List<StoreDamage>();
        var rows = await TableFile.WriteAsync(path, format, AnswerColumns.All, Rows(store, runs, epoch, damaged), cancellationToken)
            .ConfigureAwait(false);
        return new AnswersWritten(rows, damaged);
    }

    private static IEnumerable<AnswerRow> Rows(ResultStore store, IReadOnlyList<RunInfo> runs, int? wanted, List<StoreDamage> damaged)
    {
        var labels = RunLabels.ByIdentity(store.ListRuns());
        Release? release = null;
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            if (release?.Sha256 != run.Specification.ReleaseSha256)
            {
                release = RunResults.LoadRelease(store, run);
                if (told.Add(release.Sha256)) damaged.AddRange(StoreDamage.Of(run.Id, release.Cases));
            }

            var epochs = wanted is { } only ? [only] : Enumerable.Range(1, run.Target.Epochs);
            var label = labels[run.Specification.Identity];
            foreach (var row in epochs.SelectMany(epoch => AnswerRow.Stream(store, run, label, release, epoch)))
            {
                if (row.DamagedColumn is { } column)
                    damaged.Add(new StoreDamage(run.Id, row.Case.Id, row.Question.Index + 1, row.Epoch, column));
                yield return row;
            }
        }
    }

    // answers.csv → answers.runs.csv
    private static string Beside(string path, string table)
    {
        path = Path.GetFullPath(path);
        var name = string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(path)}.{table}{Path.GetExtension(path)}");
        return Path.Combine(Path.GetDirectoryName(path)!, name);
    }
}
