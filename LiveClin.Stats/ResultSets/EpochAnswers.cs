using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>A later epoch's answers, laid out as <see cref="ModelResults.Answers"/>.</summary>
/// <param name="Epoch">The epoch, from 2.</param>
/// <param name="Answers">
/// What became of each question under the published rule, by position in the set; <see cref="Outcome.NotRun"/> where it was not asked.
/// </param>
public sealed record EpochAnswers(int Epoch, ImmutableArray<Outcome> Answers)
{
    /// <summary>Whether the epoch has dealt with a case, be it by a failure: only then does it count there.</summary>
    public bool Covers(CaseFacts clinicalCase)
    {
        for (var i = 0; i < clinicalCase.Questions.Length; i++)
            if (Answers[clinicalCase.FirstQuestion + i] != Outcome.NotRun) return true;
        return false;
    }

    /// <summary>Lays outcomes of later epochs out over cases whose positions are their ordinals.</summary>
    /// <param name="outcomes">The outcomes; those of the first epoch, and of places that the cases do not have, are left out.</param>
    /// <param name="cases">The set's cases.</param>
    /// <param name="before">What was known already.</param>
    internal static ImmutableArray<EpochAnswers> Lay(
        IEnumerable<EpochOutcome> outcomes, IReadOnlyList<CaseFacts> cases, ImmutableArray<EpochAnswers> before)
    {
        var epochs = new SortedDictionary<int, Outcome[]>();
        foreach (var known in before) epochs[known.Epoch] = [.. known.Answers];
        foreach (var outcome in outcomes)
        {
            if (outcome.Epoch < 2 || outcome.CaseOrdinal >= cases.Count) continue;
            var clinicalCase = cases[outcome.CaseOrdinal];
            if (outcome.QuestionIndex >= clinicalCase.Questions.Length) continue;
            if (!epochs.TryGetValue(outcome.Epoch, out var answers)) epochs[outcome.Epoch] = answers = Nothing(cases);
            answers[clinicalCase.FirstQuestion + outcome.QuestionIndex] = outcome.Outcome;
        }

        return [.. epochs.Select(epoch => new EpochAnswers(epoch.Key, [.. epoch.Value]))];
    }

    private static Outcome[] Nothing(IReadOnlyList<CaseFacts> cases)
    {
        var answers = new Outcome[cases.Sum(clinicalCase => clinicalCase.Questions.Length)];
        Array.Fill(answers, Outcome.NotRun);
        return answers;
    }
}
