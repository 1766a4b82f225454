using LiveClin.Core.Conditions;
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
        return Build(store, runs, note, cancellationToken, (model, run, asked, cases) =>
        {
            if (run.Target.Epochs > 1) model.LaterEpochs = store.CheckLaterEpochs(run.Id);
            var letters = asked.SelectMany(each => each.Questions.Select((question, i) => ((each.Ordinal, i), question.Letters)))
                .ToDictionary();
            foreach (var answer in store.StreamEpoch(run.Id, 1))
            {
                if (answer.CaseOrdinal >= cases.Count || answer.QuestionIndex >= cases[answer.CaseOrdinal].Questions.Length) continue;
                var @case = cases[answer.CaseOrdinal];
                model.Cover(@case)[answer.QuestionIndex] = AnswerReading.FromStore(
                    answer, @case.Questions[answer.QuestionIndex],
                    letters.GetValueOrDefault((answer.CaseOrdinal, answer.QuestionIndex), LetterMap.Identity));
            }
        });
    }

    /// <summary>A set of some runs of a store, all of one release.</summary>
    /// <param name="store">The store.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="note">What the set says of the choice.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="answer">Puts a run's answers into its model; called for several runs at once.</param>
    internal static ResultSet Build(
        ResultStore store, IReadOnlyList<SelectedRun> runs, string? note, CancellationToken cancellationToken, AnswerFill answer)
    {
        var specification = runs[0].Candidate.Run.Specification;
        var builder = new ResultSetBuilder(specification.ReleaseName, specification.ReleaseSha256);
        if (note is not null) builder.Note(note);
        var damaged = store.FindDamagedRuns();
        if (DamagedRow.Summarize(damaged) is { } lost) builder.Note(lost);
        DamageWatch.Leave(damaged);
        var cases = CaseReading.FromStore(store, specification.ReleaseSha256).Select(builder.AddCase).ToList();

        // Reading and judging a run takes a core for a while; the runs do not depend on each other.
        var drafts = runs.Select(run => builder.AddModel(run.Label)).ToList();
        Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var run = runs[i].Candidate.Run;
            var asked = store.CasesOf(run).Where(each => each.Ordinal < cases.Count).ToList();
            Describe(drafts[i], runs[i].Candidate, store, asked, cases);
            answer(drafts[i], run, asked, cases);
        });
        return builder.Build();
    }

    private static void Describe(
        ResultSetBuilder.Draft model, RunCandidate candidate, ResultStore store, IReadOnlyList<RunCase> asked, List<CaseFacts> cases)
    {
        var run = candidate.Run;
        (model.RunId, model.ApiId, model.SourceName) = (run.Id, run.Specification.ApiId, run.Specification.Model);
        (model.IsComplete, model.IsPartial) = (run.Status is RunStatus.Completed or RunStatus.EndedWithFailures, candidate.IsPartial);
        model.Condition = run.Specification.Condition;
        if (model.Condition != Condition.PublishedName) model.Asked = ConditionFacts.Of(cases, asked);
        foreach (var each in asked) model.Cover(cases[each.Ordinal]);
    }

    /// <summary>Every run of a store, as far as choosing needs to know it, newest first.</summary>
    internal static IReadOnlyList<RunCandidate> Candidates(ResultStore store) => [.. store.ListRuns().Select(run =>
    {
        var tally = store.Tally(run);
        return new RunCandidate(run, tally.QuestionsDone, tally.IsPartial, IsActive: false);
    })];

    private static SelectedRuns Select(ResultStore store, RunSelection selection) =>
        Checked(store, () => RunSelector.Select(Candidates(store), selection));

    /// <summary>A choice of a store's runs; what cannot be chosen is the store's error.</summary>
    /// <exception cref="StoreException">There is nothing of the kind.</exception>
    internal static T Checked<T>(ResultStore store, Func<T> choose)
    {
        try
        {
            return choose();
        }
        catch (RequestException error)
        {
            throw new StoreException(StoreProblem.Other, $"{store.Path}: {error.Message}", error);
        }
    }
}

/// <summary>Puts a run's answers into its model.</summary>
internal delegate void AnswerFill(ResultSetBuilder.Draft model, RunInfo run, IReadOnlyList<RunCase> asked, IReadOnlyList<CaseFacts> cases);
