using System.Collections.Frozen;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>One epoch of a run, with the cases that it asks and the answers that it has: what exports are made of.</summary>
public sealed class RunResults
{
    private readonly FrozenDictionary<(int Case, int Question), Answer> _answers;
    private readonly IReadOnlyDictionary<int, RunCase> _asked;

    /// <summary>Puts together what is at hand.</summary>
    /// <param name="run">The run.</param>
    /// <param name="release">Its release, cut to the cases asked.</param>
    /// <param name="answers">Its answers; those of other epochs are left out.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="asked">How a condition asks the cases, by position; empty or null for a published run.</param>
    public RunResults(RunInfo run, Release release, IReadOnlyList<Answer> answers, int epoch = 1, IReadOnlyDictionary<int, RunCase>? asked = null)
    {
        (Run, Release, Epoch) = (run, release, epoch);
        _asked = asked ?? FrozenDictionary<int, RunCase>.Empty;
        _answers = answers.Where(answer => answer.Epoch == epoch).ToFrozenDictionary(answer => (answer.CaseOrdinal, answer.QuestionIndex));
    }

    /// <summary>The run.</summary>
    public RunInfo Run { get; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The release, cut to the cases asked.</summary>
    public Release Release { get; }

    /// <summary>The answer to a question; null when it was not dealt with yet.</summary>
    public Answer? Find(Case one, Question question) => _answers.GetValueOrDefault((one.Ordinal, question.Index));

    /// <summary>From the letters of a question as it was shown to the release's.</summary>
    public LetterMap LettersOf(Case clinicalCase, Question question) =>
        _asked.TryGetValue(clinicalCase.Ordinal, out var asked) && question.Index < asked.Questions.Length ? asked.Questions[question.Index].Letters : LetterMap.Identity;

    /// <summary>The answers to a case, by question.</summary>
    public IReadOnlyList<Answer> Of(Case one) => [.. one.Questions.Select(question => Find(one, question)).OfType<Answer>()];

    /// <summary>Reads one epoch of a run from a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <exception cref="StoreException">The store cannot be read, or the run has no such epoch.</exception>
    public static RunResults Load(ResultStore store, RunInfo run, int epoch = 1)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        if (epoch < 1 || epoch > run.Target.Epochs)
            throw new StoreException(StoreProblem.Other, $"Run {run.Id} has no epoch {epoch}; it has {(run.Target.Epochs == 1 ? "epoch 1" : $"epochs 1 to {run.Target.Epochs}")}.");
        var sha256 = run.Specification.ReleaseSha256;
        var release = store.LoadRelease(sha256)
            ?? throw new StoreException(StoreProblem.Damaged, $"{store.Path}: the release of run {run.Id} ({sha256}) is not in the store.");
        var conditioned = store.GetRunCases(run.Id);
        var order = SampleOrder.Of(release.Cases);
        var asked = release.Cases.Where(clinicalCase => run.Target.Includes(epoch, clinicalCase.Ordinal, order)
            && (run.Specification.Condition == Condition.PublishedName || conditioned.ContainsKey(clinicalCase.Ordinal)));
        return new RunResults(run, release with { Cases = [.. asked] }, store.GetEpoch(run.Id, epoch), epoch, conditioned);
    }
}
