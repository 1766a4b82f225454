using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Imports;

/// <summary>A run that an import gave.</summary>
/// <param name="Run">The run.</param>
/// <param name="IsNew">False when the same results were imported before.</param>
internal sealed record ImportedRun(RunInfo Run, bool IsNew);

/// <summary>What an import of one file or folder gave.</summary>
/// <param name="Results">What was read.</param>
/// <param name="Runs">The runs, one per model.</param>
internal sealed record ImportOutcome(ImportedResults Results, IReadOnlyList<ImportedRun> Runs);

/// <summary>Stores published results as runs, each once.</summary>
internal sealed class ResultImporter(ResultStore store)
{
    // Answers per transaction: enough to be fast, few enough that a full disk is noticed early.
    private const int BatchSize = 500;

    /// <summary>Imports a v1 results file or a core folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="release">The release that the results were made on, if the user named it.</param>
    /// <param name="cancellationToken">Gives up; importing the same results again completes what was begun.</param>
    /// <exception cref="ResultFileException">Nothing could be read; nothing was stored.</exception>
    public async Task<ImportOutcome> ImportAsync(string path, Release? release, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path) && !Directory.Exists(path)) throw new ResultFileException(path, "", "there is no such file or folder");
        if (release is not null) await store.RepairAsync(release, isFromFile: true);
        var known = Known(release);
        var results = Directory.Exists(path) ? CoreImport.Read(path, known, cancellationToken) : V1Import.Read(path, known);
        RequireFit(path, results, release);
        var runs = new List<ImportedRun>();
        foreach (var model in results.Models) runs.Add(await StoreAsync(path, results, model, cancellationToken));
        return new ImportOutcome(results, runs);
    }

    /// <summary>
    /// The releases that results may have been made on: the named one first, then those in the store, newest first; those that were made
    /// from results last.
    /// </summary>
    public IEnumerable<Release> Known(Release? named)
    {
        if (named is not null) yield return named;
        foreach (var stored in store.ListReleases().Reverse()
            .OrderBy(stored => stored.JsonlPath.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? 0 : 1))
            yield return store.LoadRelease(stored.Sha256)!;
    }

    /// <summary>Refuses results that do not fit the release that was named for them.</summary>
    /// <exception cref="ResultFileException">They do not fit.</exception>
    public static void RequireFit(string path, ImportedResults results, Release? named)
    {
        if (named is not null && !results.IsKnownRelease)
            throw new ResultFileException(path, "",
                $"these results do not fit the release {named.Name} ({named.JsonlPath}): it lacks some of their cases, or their keys differ");
    }

    private async Task<ImportedRun> StoreAsync(string path, ImportedResults results, ImportedModel model,
        CancellationToken cancellationToken)
    {
        var key = KeyOf(results.Release, model);
        var before = store.FindRunByIdempotencyKey(key);
        if (before is { Status: RunStatus.Completed or RunStatus.EndedWithFailures }) return new ImportedRun(before, IsNew: false);
        // An import that was cut off is completed: the key says that it is the same one.
        var run = before ?? Describe(path, results.Release, model);
        await store.WriteAsync(write =>
        {
            write.AddRelease(results.Release);
            if (before is null) write.AddRun(run with { Status = RunStatus.Running, FinishedAt = null }, key);
            write.AddEvent(run.Id, "imported", $"Imported by version {ProgramIdentity.Version} from {path}.");
        });
        foreach (var batch in model.Answers.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await store.WriteAsync(write =>
            {
                foreach (var answer in batch) write.PutAnswer(run.Id, answer);
            });
        }

        await store.WriteAsync(write => write.SetStatus(run.Id, StatusOf(model), null, model.FinishedAt));
        return new ImportedRun(store.FindRun(run.Id)!, IsNew: true);
    }

    /// <summary>Stores results as runs, all in one transaction; those that were imported before are only named.</summary>
    /// <exception cref="StoreException">Nothing was stored.</exception>
    public async Task<IReadOnlyList<ImportedRun>> StoreAllAsync(string source, IReadOnlyList<ImportedResults> all,
        CancellationToken cancellationToken)
    {
        var models = all.SelectMany(results =>
            results.Models.Select(model => (results.Release, Model: model, Key: KeyOf(results.Release, model))))
            .DistinctBy(model => model.Key)
            .Select(model => (model.Release, model.Model, model.Key, Before: store.FindRunByIdempotencyKey(model.Key)))
            .Select(model => (
                model.Release, model.Model, model.Key, model.Before, Run: model.Before ?? Describe(source, model.Release, model.Model)))
            .ToList();
        var open = models.Where(model => model.Before is not { Status: RunStatus.Completed or RunStatus.EndedWithFailures }).ToList();
        await store.WriteAsync(write =>
        {
            foreach (var (release, model, key, before, run) in open)
            {
                write.AddRelease(release);
                if (before is null) write.AddRun(run, key);
                write.AddEvent(run.Id, "imported", $"Imported by version {ProgramIdentity.Version} from {source}.");
                foreach (var answer in model.Answers)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    write.PutAnswer(run.Id, answer);
                }

                write.SetStatus(run.Id, StatusOf(model), null, model.FinishedAt);
            }
        });
        return [.. models.Select(model => new ImportedRun(store.FindRun(model.Run.Id)!, IsNew: open.Contains(model)))];
    }

    private static RunInfo Describe(string path, Release release, ImportedModel model) => new()
    {
        Id = RunId.Create(model.StartedAt),
        Specification = new RunSpecification
        {
            Model = model.Model,
            ApiId = model.Model,
            Endpoint = Uri.TryCreate(model.Endpoint, UriKind.Absolute, out var url)
                ? new ModelEndpoint(url, model.Model).SafeUrl : "unknown",
            ReleaseSha256 = release.Sha256,
            ReleaseName = release.Name,
            ImageMode = model.ImageMode ?? "unknown",
            ParametersJson = "{}",
        },
        Target = RunTarget.Of(LimitOf(release, model)),
        Status = StatusOf(model),
        StartedAt = model.StartedAt,
        FinishedAt = model.FinishedAt,
        ProgramVersion = model.Program,
        Machine = "unknown",
        Source = path,
    };

    private static RunStatus StatusOf(ImportedModel model) =>
        model.Answers.All(answer => answer.Reply is not null) ? RunStatus.Completed : RunStatus.EndedWithFailures;

    // Results of the first n cases of a release come from a run with a limit.
    private static int? LimitOf(Release release, ImportedModel model)
    {
        var cases = model.Answers.Select(answer => answer.CaseOrdinal).Distinct().ToList();
        return cases.Count < release.Cases.Length && cases.Max() == cases.Count - 1 ? cases.Count : null;
    }

    // The same results under another name or in another place are the same results.
    private static string KeyOf(Release release, ImportedModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(release.Sha256);
        Add(model.Model);
        foreach (var answer in model.Answers)
        {
            Add(string.Create(CultureInfo.InvariantCulture,
                $"{answer.CaseOrdinal}/{answer.QuestionIndex}/{(int)answer.Outcome}/{answer.Letter}"));
            Add(answer.Reply ?? "\0");
            Add(answer.ErrorMessage ?? "\0");
        }

        return "import:" + Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData("\n"u8);
        }
    }
}
