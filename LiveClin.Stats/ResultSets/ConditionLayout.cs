using System.Runtime.InteropServices;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>Lays a run under a condition out over the cases of the set that holds its published results; texts are left behind.</summary>
internal static class ConditionLayout
{
    /// <param name="cases">The set's cases.</param>
    /// <param name="run">The run.</param>
    /// <param name="asked">The cases that it asks.</param>
    /// <param name="outcomes">What became of its questions in the first epoch.</param>
    /// <param name="later">What became of them in later ones.</param>
    public static ModelResults Of(
        IReadOnlyList<CaseFacts> cases, RunInfo run, IEnumerable<RunCase> asked, IEnumerable<StoredOutcome> outcomes,
        IEnumerable<EpochOutcome> later)
    {
        var covered = asked.Where(each => each.Ordinal < cases.Count).ToList();
        var (answers, covers) = (Empty(cases), new bool[cases.Count]);
        foreach (var each in covered) covers[each.Ordinal] = true;
        foreach (var outcome in outcomes)
        {
            if (outcome.CaseOrdinal >= cases.Count || outcome.QuestionIndex >= cases[outcome.CaseOrdinal].Questions.Length) continue;
            covers[outcome.CaseOrdinal] = true;
            answers[cases[outcome.CaseOrdinal].FirstQuestion + outcome.QuestionIndex] = new AnswerFacts(
                outcome.Outcome, outcome.Letter is [var letter] ? letter : null, default, outcome.HasReply, null, null);
        }

        return new ModelResults
        {
            Model = run.Specification.ModelUnderCondition, SourceName = run.Specification.Model, RunId = run.Id,
            ApiId = run.Specification.ApiId, Condition = run.Specification.Condition, Asked = ConditionFacts.Of(cases, covered),
            LaterEpochs = EpochAnswers.Lay(later, cases, []),
            Answers = ImmutableCollectionsMarshal.AsImmutableArray(answers), Covers = ImmutableCollectionsMarshal.AsImmutableArray(covers),
        };
    }

    private static AnswerFacts[] Empty(IReadOnlyList<CaseFacts> cases)
    {
        var answers = new AnswerFacts[cases.Count == 0 ? 0 : cases[^1].FirstQuestion + cases[^1].Questions.Length];
        Array.Fill(answers, AnswerFacts.NotRun);
        return answers;
    }
}
