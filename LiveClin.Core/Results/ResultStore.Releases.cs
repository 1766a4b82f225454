using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    /// <summary>
    /// A release with its cases as they were when it was first used; null when it is not in the store. Of a case that is damaged
    /// (<see cref="Case.IsDamaged"/>) there is what its answers tell.
    /// </summary>
    /// <param name="sha256">SHA-256 of its JSONL file.</param>
    public Release? LoadRelease(string sha256)
    {
        if (FindRelease(sha256) is not { } stored) return null;
        return new Release
        {
            Name = stored.Name,
            JsonlPath = stored.JsonlPath,
            ImageRoot = stored.ImageRoot,
            Sha256 = stored.Sha256,
            Cases = [.. ReadCases(sha256).Select(read => read.Case)],
        };
    }

    /// <summary>
    /// The cases of a release, each in its place, as they are stored and as they read; damaged ones as in <see cref="LoadRelease"/>.
    /// </summary>
    /// <param name="sha256">SHA-256 of its JSONL file.</param>
    public IEnumerable<(StoredCase Stored, Case Case)> ReadCases(string sha256)
    {
        var keys = new Lazy<Dictionary<int, ImmutableArray<string>>>(() => FindKeys(sha256));
        foreach (var stored in StreamCases(sha256))
            yield return (stored, StoreDamage.TryRead(stored) ?? DamagedCase.Of(stored, KeysOf(stored.Ordinal)));

        IEnumerable<string> KeysOf(int ordinal)
        {
            var known = keys.Value.GetValueOrDefault(ordinal, []);
            return Enumerable.Range(0, QuestionCounts(sha256)[ordinal]).Select(question => known.ElementAtOrDefault(question) ?? "");
        }
    }

    /// <summary>
    /// Puts texts of cases back that are not those of the release any more; does nothing for a release that is not in the store.
    /// </summary>
    /// <param name="release">The release, whole.</param>
    /// <param name="isFromFile">
    /// True when its file has it so, which its hash proves; otherwise only what is no case any more is replaced.
    /// </param>
    /// <returns>The cases whose texts were put back.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public async Task<IReadOnlyList<Case>> RepairAsync(Release release, bool isFromFile)
    {
        ArgumentNullException.ThrowIfNull(release);
        var known = release.Cases.Where(@case => !@case.IsDamaged).ToDictionary(@case => @case.Ordinal);
        List<Case> changed =
        [
            .. from stored in StreamCases(release.Sha256)
               let @case = known.GetValueOrDefault(stored.Ordinal)
               where @case is not null && @case.Json != stored.Json && (isFromFile || StoreDamage.TryRead(stored) is null)
               select @case,
        ];
        if (changed.Count == 0) return changed;
        try
        {
            await WriteAsync(write =>
            {
                foreach (var @case in changed) write.PutCaseText(release.Sha256, @case);
            }).ConfigureAwait(false);
        }
        catch (StoreException error) when (error.Problem == StoreProblem.Damaged)
        {
            return []; // the database cannot write there either; everything else may still go on
        }

        _questionCounts.TryRemove(release.Sha256, out _);
        _sampleOrders.TryRemove(release.Sha256, out _);
        return changed;
    }

    /// <summary>All images that were ever sent.</summary>
    public IReadOnlyList<StoredImage> ListImages() => Query(
        new StoredRows("images"),
        "SELECT sha256, path, media_type, bytes FROM images",
        row => new StoredImage(row.Text(), row.Text(), row.Text(), row.Long()));

    // What the answers of all runs tell of the questions of each case: how many there are, and the keys, which are the letters of right
    // answers. Empty where nobody was right.
    private Dictionary<int, ImmutableArray<string>> FindKeys(string sha256)
    {
        var counts = Query(
            new StoredRows(DamagedRow.Answers, IsTold: false),
            """
            SELECT case_ordinal, question, outcome, letter, count(*) FROM answers
            WHERE run IN (SELECT seq FROM runs WHERE release = $1) GROUP BY case_ordinal, question, outcome, letter
            """,
            row => (Ordinal: row.Position(), Question: row.Position(), IsRight: row.Code<Outcome>() == Outcome.Correct,
                Letter: row.TextOrNull(), Count: row.Long()),
            sha256);
        return counts.GroupBy(answers => answers.Ordinal).ToDictionary(ofCase => ofCase.Key, ofCase =>
        {
            var right = ofCase.Where(answers => answers is { IsRight: true, Letter: not null }).OrderByDescending(answers => answers.Count)
                .ToLookup(answers => answers.Question, answers => answers.Letter!);
            return Enumerable.Range(0, ofCase.Max(answers => answers.Question) + 1)
                .Select(question => right[question].FirstOrDefault("")).ToImmutableArray();
        });
    }

    private List<(int Ordinal, int Questions)> CountStored(string sha256) => Query(
        CasesOf(sha256), $"SELECT ordinal, {_engine.QuestionCount} FROM cases WHERE release = $1 ORDER BY ordinal",
        row => (row.Position(), row.Position()), sha256);

    private List<(int Ordinal, int Questions)> CountOneByOne(string sha256)
    {
        var ofCase = $"SELECT {_engine.QuestionCount} FROM cases WHERE release = $1 AND ordinal = $2";
        var ordinals = Query(
            CasesOf(sha256), "SELECT ordinal FROM cases WHERE release = $1 ORDER BY ordinal", row => row.Position(), sha256);
        return ordinals.ConvertAll(ordinal =>
            (ordinal, Sound(() => Query(CasesOf(sha256), ofCase, row => row.Position(), sha256, ordinal).SingleOrDefault())));
    }

    // As many as there are rows; where one of them has lost its release, as the release and the positions of the others say.
    private int CountCases(string sha256)
    {
        var rows = 0;
        var ordinals = Query(
            CasesOf(sha256), "SELECT ordinal FROM cases WHERE release = $1",
            row =>
            {
                rows++;
                return row.Position();
            },
            sha256);
        return Math.Max(rows, Math.Min(FindRelease(sha256)?.Cases ?? 0, 1 + ordinals.DefaultIfEmpty(-1).Max()));
    }

    private static StoredRows CasesOf(string releaseSha256) => new("cases", $"release {releaseSha256}");

    // A line that is no case has none: then as many as were answered, or, of a single such case, as many as the release lacks.
    private ImmutableArray<int> CountQuestions(string sha256)
    {
        var counts = new int[CountCases(sha256)];
        foreach (var (ordinal, questions) in Sound(() => CountStored(sha256)) ?? CountOneByOne(sha256))
            if (ordinal < counts.Length) counts[ordinal] = questions;
        List<int> lost = [.. Enumerable.Range(0, counts.Length).Where(ordinal => counts[ordinal] == 0)];
        if (lost.Count == 0) return [.. counts];
        var keys = FindKeys(sha256);
        var lacking = lost.Count == 1 && FindRelease(sha256) is { } release ? release.Questions - counts.Sum() : 0;
        foreach (var ordinal in lost) counts[ordinal] = Math.Max(lacking, keys.GetValueOrDefault(ordinal, []).Length);
        return [.. counts];
    }
}
