using System.Runtime.InteropServices;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>Which runs of a store or evaluator make a set.</summary>
public sealed record RunSelection
{
    /// <summary>Release by name or SHA-256; null for the one that was run last.</summary>
    public string? Release { get; init; }

    /// <summary>Runs by identifier; empty for the newest run of each model.</summary>
    public IReadOnlyList<string> RunIds { get; init; } = [];

    /// <summary>Models to leave out.</summary>
    public IReadOnlyCollection<string> IgnoredModels { get; init; } = [];
}

/// <summary>Loads a set from a result store.</summary>
public static class StoreSource
{
    /// <summary>Reads the selected runs; without a selection the newest run of each model on the release that was run last.</summary>
    /// <exception cref="StoreException">The store cannot be read, or holds no such run.</exception>
    /// <exception cref="ResultFileException">A stored case is broken.</exception>
    public static ResultSet Load(ResultStore store, RunSelection selection, CancellationToken cancellationToken)
    {
        var runs = Select(store, selection, out var note);
        var specification = runs[0].Specification;
        var builder = new ResultSetBuilder(specification.ReleaseName, specification.ReleaseSha256);
        if (note is not null) builder.Note(note);
        var cases = store.GetCases(specification.ReleaseSha256)
            .Select(c => builder.AddCase(CaseReading.FromCore(CoreFolder.ParseCase(c.Json, c.FileName), c.Id))).ToList();

        // Reading and judging a run takes a core for a while; the runs do not depend on each other.
        var drafts = runs.Select(run => builder.AddModel(run.Specification.Model)).ToList();
        Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken }, i => Fill(drafts[i], runs[i], store.GetAnswers(runs[i].Id), cases));
        return builder.Build();
    }

    private static void Fill(ResultSetBuilder.Draft model, RunInfo run, IReadOnlyList<Answer> answers, List<CaseFacts> cases)
    {
        model.RunId = run.Id;
        model.SourceName = run.Specification.Model;
        model.IsBaseline = run.Specification.ApiId.StartsWith("baseline/", StringComparison.Ordinal);
        model.IsComplete = run.Status == RunStatus.Completed;
        foreach (var one in CollectionsMarshal.AsSpan(cases)[..Math.Min(cases.Count, run.Specification.Limit ?? int.MaxValue)]) model.Cover(one);
        foreach (var answer in answers)
        {
            if (answer.CaseOrdinal >= cases.Count || answer.QuestionIndex >= cases[answer.CaseOrdinal].Questions.Length) continue;
            var one = cases[answer.CaseOrdinal];
            model.Cover(one)[answer.QuestionIndex] = AnswerReading.FromStore(answer, one.Questions[answer.QuestionIndex]);
        }
    }

    private static IReadOnlyList<RunInfo> Select(ResultStore store, RunSelection selection, out string? note)
    {
        note = null;
        if (selection.RunIds.Count > 0)
        {
            List<RunInfo> named = [.. selection.RunIds.Select(id => store.FindRun(id) ?? throw new StoreException(StoreProblem.Other, $"{store.Path} holds no run '{id}'."))];
            return named.Select(r => r.Specification.ReleaseSha256).Distinct().Count() == 1
                ? named
                : throw new StoreException(StoreProblem.Other, "The runs are on different releases; only runs on one release can be laid side by side.");
        }

        var stored = store.ListRuns(); // newest first
        // A run that failed before its first answer says nothing of its model, and must not hide an earlier one that does.
        var telling = stored.Where(r => store.Tally(r).QuestionsDone > 0).ToList();
        var all = telling.Count > 0 ? telling : stored;
        if (all.Count == 0) throw new StoreException(StoreProblem.Other, $"{store.Path} holds no runs yet.");
        var wanted = selection.Release is { } release
            ? all.FirstOrDefault(r => r.Specification.ReleaseName == release || r.Specification.ReleaseSha256 == release)
                ?? throw new StoreException(StoreProblem.Other, $"{store.Path} holds no run on release '{release}'; it has {string.Join(", ", all.Select(r => r.Specification.ReleaseName).Distinct())}.")
            : all[0];
        var here = all.Where(r => r.Specification.ReleaseSha256 == wanted.Specification.ReleaseSha256 && !selection.IgnoredModels.Contains(r.Specification.Model)).ToList();
        var newest = here.DistinctBy(r => r.Specification.Model).Reverse().ToList();
        if (newest.Count == 0) throw new StoreException(StoreProblem.Other, "Every model is left out by --ignore-models.");
        if (newest.Count < here.Count) note = $"Of each model the newest run is used; {here.Count - newest.Count} older ones are not.";
        return newest;
    }
}
