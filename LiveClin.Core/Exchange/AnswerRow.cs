using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>A question of a run in one epoch: a row of the answers table.</summary>
/// <param name="Run">The run.</param>
/// <param name="Label">What tells the run from its namesakes.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Case">The case.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer; null when the question was not dealt with yet.</param>
public sealed record AnswerRow(RunInfo Run, string Label, int Epoch, Case Case, Question Question, Answer? Answer)
{
    /// <summary>From the question's letters as it was shown to the release's.</summary>
    public LetterMap Letters { get; init; } = LetterMap.Identity;

    /// <summary>The damaged column of an answer that is left out for it; null otherwise.</summary>
    public string? DamagedColumn { get; init; }

    /// <summary>Every question that an epoch of a run asks, in order, with its answer; the answers are read as the rows are.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="label">Its label.</param>
    /// <param name="release">Its release, with all cases.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public static IEnumerable<AnswerRow> Stream(ResultStore store, RunInfo run, string label, Release release, int epoch)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        using var answers = store.StreamEpoch(run.Id, epoch).GetEnumerator();
        var isThere = answers.MoveNext();
        var asked = store.GetRunCases(run.Id);
        foreach (var clinicalCase in RunResults.CasesOf(run, release, epoch, asked))
        {
            foreach (var question in clinicalCase.Questions)
            {
                // Both are in order of case and question. An answer to what is not asked here is passed by.
                while (isThere && Place(answers.Current).CompareTo((clinicalCase.Ordinal, question.Index)) < 0)
                    isThere = answers.MoveNext();
                var isAnswer = isThere && Place(answers.Current) == (clinicalCase.Ordinal, question.Index);
                yield return new AnswerRow(run, label, epoch, clinicalCase, question, isAnswer && !answers.Current.IsDamaged
                    ? answers.Current : null)
                {
                    DamagedColumn = isAnswer ? answers.Current.DamagedColumn : null,
                    Letters = asked.GetValueOrDefault(clinicalCase.Ordinal)?.Questions.ElementAtOrDefault(question.Index)?.Letters
                        ?? LetterMap.Identity,
                };
            }
        }
    }

    private static (int Ordinal, int Question) Place(Answer answer) => (answer.CaseOrdinal, answer.QuestionIndex);
}
