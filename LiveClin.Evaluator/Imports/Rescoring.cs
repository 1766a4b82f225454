using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Imports;

/// <summary>An answer whose letter, rule or outcome is another under the rule than as stored.</summary>
/// <param name="Case">The case.</param>
/// <param name="Question">The question.</param>
/// <param name="Before">As stored.</param>
/// <param name="After">Under the rule.</param>
internal sealed record RescoredAnswer(Case Case, Question Question, Answer Before, Answer After);

/// <summary>Applies the published rule to stored replies again.</summary>
internal static class Rescoring
{
    /// <summary>The answers that change. Questions without a reply never do.</summary>
    public static IReadOnlyList<RescoredAnswer> Find(RunResults results, ExtractionProtocol protocol)
    {
        var changes = new List<RescoredAnswer>();
        foreach (var @case in results.Release.Cases)
        {
            foreach (var question in @case.Questions)
            {
                if (results.Find(@case, question) is not { Reply: { } reply } before) continue;
                var call = new CallResult
                {
                    Reply = reply,
                    FinishReason = before.FinishReason,
                    Refused = before.Outcome == Outcome.Refused,
                };
                // The rule reads what was shown.
                var letters = results.LettersOf(@case, question);
                var judged = OutcomeClassifier.Classify(call, letters.ToShown(question.Key) ?? question.Key, protocol);
                var after = (before with { Rule = judged.Extraction.Rule, Outcome = judged.Outcome })
                    .WithLetter(judged.Extraction.Letter, letters);
                if (after != before) changes.Add(new RescoredAnswer(@case, question, before, after));
            }
        }

        return changes;
    }

    /// <summary>Stores the changes in one transaction, and notes it on the run.</summary>
    /// <exception cref="StoreException">Nothing was stored.</exception>
    public static Task ApplyAsync(ResultStore store, RunInfo run, IReadOnlyList<RescoredAnswer> changes) => store.WriteAsync(write =>
    {
        foreach (var change in changes) write.Rescore(run.Id, change.After);
        write.AddEvent(run.Id, "rescored",
            $"Version {ProgramIdentity.Version} changed letter, rule or outcome of {changes.Count} answers.");
    });
}
