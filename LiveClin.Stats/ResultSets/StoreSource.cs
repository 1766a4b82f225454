using System.Runtime.InteropServices;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>Loads a set from a result store.</summary>
public static class StoreSource
{
    /// <summary>Reads the selected runs; without a selection one of each model and setting on the release with most models.</summary>
    /// <exception cref="StoreException">The store cannot be read, or holds no such run.</exception>
    /// <exception cref="ResultFileException">A stored case is broken.</exception>
    public static ResultSet Load(ResultStore store, RunSelection selection, CancellationToken cancellationToken)
    {
        var (runs, note) = Select(store, selection);
        var specification = runs[0].Candidate.Run.Specification;
        var builder = new ResultSetBuilder(specification.ReleaseName, specification.ReleaseSha256);
        if (note is not null) builder.Note(note);
        var cases = store.GetCases(specification.ReleaseSha256)
            .Select(c => builder.AddCase(CaseReading.FromCore(CoreFolder.ParseCase(c.Json, c.FileName), c.Id))).ToList();

        // Reading and judging a run takes a core for a while; the runs do not depend on each other.
        var drafts = runs.Select(run => builder.AddModel(run.Label)).ToList();
        Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken },
            i => Fill(drafts[i], runs[i].Candidate, store, cases));
        return builder.Build();
    }

    private static void Fill(ResultSetBuilder.Draft model, RunCandidate candidate, ResultStore store, List<CaseFacts> cases)
    {
        var run = candidate.Run;
        model.RunId = run.Id;
        model.SourceName = run.Specification.Model;
        model.ApiId = run.Specification.ApiId;
        model.IsComplete = run.Status is RunStatus.Completed or RunStatus.EndedWithFailures;
        model.IsPartial = candidate.IsPartial;
        if (run.Target.Epochs > 1) model.LaterEpochs = store.GetLaterEpochs(run.Id);
        foreach (var @case in CollectionsMarshal.AsSpan(cases)[..run.Target.CasesIn(1, cases.Count)]) model.Cover(@case);
        foreach (var answer in store.GetEpoch(run.Id, 1))
        {
            if (answer.CaseOrdinal >= cases.Count || answer.QuestionIndex >= cases[answer.CaseOrdinal].Questions.Length) continue;
            var one = cases[answer.CaseOrdinal];
            model.Cover(one)[answer.QuestionIndex] = AnswerReading.FromStore(answer, one.Questions[answer.QuestionIndex]);
        }
    }

    private static SelectedRuns Select(ResultStore store, RunSelection selection)
    {
        var candidates = store.ListRuns().Select(run =>
        {
            var tally = store.Tally(run);
            return new RunCandidate(run, tally.QuestionsDone, tally.IsPartial, IsActive: false);
        }).ToList();
        try
        {
            return RunSelector.Select(candidates, selection);
        }
        catch (RequestException error)
        {
            throw new StoreException(StoreProblem.Other, $"{store.Path}: {error.Message}", error);
        }
    }
}
