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
        var specification = runs[0].Candidate.Run.Specification;
        var builder = new ResultSetBuilder(specification.ReleaseName, specification.ReleaseSha256);
        if (note is not null) builder.Note(note);
        var cases = CaseReading.FromStore(store, specification.ReleaseSha256).Select(builder.AddCase).ToList();

        // Reading and judging a run takes a core for a while; the runs do not depend on each other.
        var drafts = runs.Select(run => builder.AddModel(run.Label)).ToList();
        Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken },
            i => Fill(drafts[i], runs[i].Candidate, store, cases));
        return builder.Build();
    }

    private static void Fill(ResultSetBuilder.Draft model, RunCandidate candidate, ResultStore store, List<CaseFacts> cases)
    {
        var run = candidate.Run;
        var asked = store.CasesOf(run).Where(each => each.Ordinal < cases.Count).ToList();
        var letters = asked.SelectMany(each => each.Questions.Select((question, i) => ((each.Ordinal, i), question.Letters))).ToDictionary();
        model.RunId = run.Id;
        model.SourceName = run.Specification.Model;
        model.ApiId = run.Specification.ApiId;
        model.IsComplete = run.Status is RunStatus.Completed or RunStatus.EndedWithFailures;
        model.IsPartial = candidate.IsPartial;
        if (run.Target.Epochs > 1) model.LaterEpochs = store.CheckLaterEpochs(run.Id);
        model.Condition = run.Specification.Condition;
        if (run.Specification.Condition != Condition.PublishedName) model.Asked = ConditionFacts.Of(cases, asked);
        foreach (var each in asked) model.Cover(cases[each.Ordinal]);
        foreach (var answer in store.StreamEpoch(run.Id, 1))
        {
            if (answer.CaseOrdinal >= cases.Count || answer.QuestionIndex >= cases[answer.CaseOrdinal].Questions.Length) continue;
            var one = cases[answer.CaseOrdinal];
            model.Cover(one)[answer.QuestionIndex] = AnswerReading.FromStore(
                answer, one.Questions[answer.QuestionIndex], letters.GetValueOrDefault((answer.CaseOrdinal, answer.QuestionIndex), LetterMap.Identity));
        }
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
