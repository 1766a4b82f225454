using LiveClin.Core.Conditions;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Controls;

/// <summary>Loads models with their conditions from a store, without the replies' texts.</summary>
public static class ControlSource
{
    /// <summary>The models that a selection means, each with every condition that was run of it in the same setting.</summary>
    /// <exception cref="StoreException">The store cannot be read, or holds no such run.</exception>
    public static ControlledSet Load(ResultStore store, RunSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var candidates = StoreSource.Candidates(store);
        var models = StoreSource.Checked(store, () => RunSelector.SelectControlled(candidates, selection));
        var specification = models[0].Published.Candidate.Run.Specification;
        var builder = new ResultSetBuilder(specification.ReleaseName, specification.ReleaseSha256);
        var cases = store.GetCases(specification.ReleaseSha256)
            .Select(stored => builder.AddCase(CaseReading.FromCore(CoreFolder.ParseCase(stored.Json, stored.FileName), stored.Id))).ToList();
        var runs = models.SelectMany(model => (IEnumerable<SelectedRun>)[model.Published, .. model.Conditions]).ToList();
        var drafts = runs.Select(run => builder.AddModel(run.Label)).ToList();
        Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken },
            i => Fill(drafts[i], runs[i].Candidate.Run, store, cases));
        var set = builder.Build();
        var byRun = set.Models.ToDictionary(model => model.RunId!);
        return new ControlledSet(set,
        [
            .. models.Select(model => new ControlledModel(
                byRun[model.Published.Candidate.Run.Id], [.. model.Conditions.Select(run => byRun[run.Candidate.Run.Id])])),
        ]);
    }

    private static void Fill(ResultSetBuilder.Draft model, RunInfo run, ResultStore store, List<CaseFacts> cases)
    {
        var asked = store.CasesOf(run).Where(each => each.Ordinal < cases.Count).ToList();
        (model.RunId, model.ApiId, model.Condition) = (run.Id, run.Specification.ApiId, run.Specification.Condition);
        if (model.Condition != Condition.PublishedName) model.Asked = ConditionFacts.Of(cases, asked);
        foreach (var each in asked) model.Cover(cases[each.Ordinal]);
        foreach (var outcome in store.GetOutcomes(run.Id))
        {
            if (outcome.CaseOrdinal >= cases.Count || outcome.QuestionIndex >= cases[outcome.CaseOrdinal].Questions.Length) continue;
            model.Cover(cases[outcome.CaseOrdinal])[outcome.QuestionIndex] = new AnswerFacts(
                outcome.Outcome, outcome.Letter is [var letter] ? letter : null, default, outcome.HasReply, null, null);
        }
    }
}

/// <summary>Models with their conditions over one set of cases.</summary>
/// <param name="Set">Everything, as one set.</param>
/// <param name="Models">The models.</param>
public sealed record ControlledSet(ResultSet Set, IReadOnlyList<ControlledModel> Models);

/// <summary>A model's published results and those under conditions, in the same setting.</summary>
/// <param name="Published">As published.</param>
/// <param name="Conditions">Under conditions.</param>
public sealed record ControlledModel(ModelResults Published, IReadOnlyList<ModelResults> Conditions);
