using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>What statistics keep of an answer in a later epoch.</summary>
/// <param name="Outcome">What became of the question under the published rule.</param>
/// <param name="Letter">The letter that the published rule found; null when none.</param>
/// <param name="HasReply">Whether there is a reply.</param>
public readonly record struct EpochAnswer(Outcome Outcome, char? Letter, bool HasReply)
{
    /// <summary>True when the letter is the key.</summary>
    public bool IsCorrect => Outcome == Outcome.Correct;

    /// <summary>The same of an answer of the first epoch.</summary>
    internal static EpochAnswer Of(AnswerFacts answer) => new(answer.Outcome, answer.Letter, answer.HasReply);
}

/// <summary>A later epoch's answers, laid out as <see cref="ModelResults.Answers"/>.</summary>
/// <param name="Epoch">The epoch, from 2.</param>
/// <param name="Answers">By position of the question in the set; <see cref="Outcome.NotRun"/> where it was not asked.</param>
public sealed record EpochAnswers(int Epoch, ImmutableArray<EpochAnswer> Answers)
{
    /// <summary>Whether the epoch has dealt with a case, be it by a failure: only then does it count there.</summary>
    public bool Covers(CaseFacts clinicalCase)
    {
        for (var i = 0; i < clinicalCase.Questions.Length; i++)
            if (Answers[clinicalCase.FirstQuestion + i].Outcome != Outcome.NotRun) return true;
        return false;
    }

    /// <summary>Lays outcomes of later epochs out over cases whose positions are their ordinals.</summary>
    /// <param name="outcomes">The outcomes; those of the first epoch, and of places that the cases do not have, are left out.</param>
    /// <param name="cases">The set's cases.</param>
    /// <param name="before">What was known already.</param>
    internal static ImmutableArray<EpochAnswers> Lay(
        IEnumerable<EpochOutcome> outcomes, IReadOnlyList<CaseFacts> cases, ImmutableArray<EpochAnswers> before)
    {
        var epochs = new SortedDictionary<int, EpochAnswer[]>();
        foreach (var known in before) epochs[known.Epoch] = [.. known.Answers];
        foreach (var outcome in outcomes)
        {
            if (outcome.Epoch < 2 || outcome.CaseOrdinal >= cases.Count) continue;
            var clinicalCase = cases[outcome.CaseOrdinal];
            if (outcome.QuestionIndex >= clinicalCase.Questions.Length) continue;
            if (!epochs.TryGetValue(outcome.Epoch, out var answers)) epochs[outcome.Epoch] = answers = Nothing(cases);
            answers[clinicalCase.FirstQuestion + outcome.QuestionIndex] =
                new EpochAnswer(outcome.Outcome, outcome.Letter is { Length: 1 } letter ? letter[0] : null, outcome.HasReply);
        }

        return [.. epochs.Select(epoch => new EpochAnswers(epoch.Key, [.. epoch.Value]))];
    }

    private static EpochAnswer[] Nothing(IReadOnlyList<CaseFacts> cases)
    {
        var answers = new EpochAnswer[cases.Sum(clinicalCase => clinicalCase.Questions.Length)];
        Array.Fill(answers, new EpochAnswer(Outcome.NotRun, null, false));
        return answers;
    }
}
