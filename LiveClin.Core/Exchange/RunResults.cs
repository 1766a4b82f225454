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
    public RunResults(RunInfo run, Release release, IReadOnlyList<Answer> answers, int epoch = 1,
        IReadOnlyDictionary<int, RunCase>? asked = null)
    {
        (Run, Release, Epoch) = (run, release, epoch);
        _asked = asked ?? FrozenDictionary<int, RunCase>.Empty;
        _answers = answers.Where(answer => answer.Epoch == epoch && !answer.IsDamaged)
            .ToFrozenDictionary(answer => (answer.CaseOrdinal, answer.QuestionIndex));
    }

    /// <summary>The run.</summary>
    public RunInfo Run { get; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The release, cut to the cases asked.</summary>
    public Release Release { get; }

    /// <summary>What of this epoch is damaged in the store, and so not among the results.</summary>
    public IReadOnlyList<StoreDamage> Damaged { get; private init; } = [];

    /// <summary>The answer to a question; null when it was not dealt with yet.</summary>
    public Answer? Find(Case @case, Question question) => _answers.GetValueOrDefault((@case.Ordinal, question.Index));

    /// <summary>From the letters of a question as it was shown to the release's.</summary>
    public LetterMap LettersOf(Case clinicalCase, Question question) =>
        _asked.TryGetValue(clinicalCase.Ordinal, out var asked) && question.Index < asked.Questions.Length
            ? asked.Questions[question.Index].Letters
            : LetterMap.Identity;

    /// <summary>The answers to a case, by question.</summary>
    public IReadOnlyList<Answer> Of(Case @case) => [.. @case.Questions.Select(question => Find(@case, question)).OfType<Answer>()];

    /// <summary>Reads one epoch of a run from a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <exception cref="StoreException">The store cannot be read, or the run has no such epoch.</exception>
    public static RunResults Load(ResultStore store, RunInfo run, int epoch = 1)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        CheckEpoch(run, epoch);
        var release = LoadRelease(store, run);
        var asked = store.GetRunCases(run.Id);
        var answers = store.GetEpoch(run.Id, epoch);
        return new RunResults(run, release with { Cases = [.. CasesOf(run, release, epoch, asked)] }, answers, epoch, asked)
        {
            Damaged =
            [
                .. StoreDamage.Of(run.Id, release.Cases),
                .. StoreDamage.Of(run.Id, answers, ordinal => release.Cases.ElementAtOrDefault(ordinal)?.Id),
            ],
        };
    }

    /// <summary>The release of a run, with all its cases.</summary>
    /// <exception cref="StoreException">It is not in the store.</exception>
    internal static Release LoadRelease(ResultStore store, RunInfo run) => store.LoadRelease(run.Specification.ReleaseSha256)
        ?? throw new StoreException(StoreProblem.Damaged,
            $"{store.Path}: the release of run {run.Id} ({run.Specification.ReleaseSha256}) is not in the store.");

    /// <summary>The cases that an epoch of a run asks, in the order of the release, without those that are damaged.</summary>
    /// <param name="run">The run.</param>
    /// <param name="release">Its release, with all cases.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="asked">The cases that its condition applies to, by position; of no meaning for a published run.</param>
    internal static IEnumerable<Case> CasesOf(RunInfo run, Release release, int epoch, IReadOnlyDictionary<int, RunCase> asked)
    {
        var order = SampleOrder.Of(release.Cases);
        return release.Cases.Where(clinicalCase => !clinicalCase.IsDamaged && run.Target.Includes(epoch, clinicalCase.Ordinal, order)
            && (run.Specification.Condition == Condition.PublishedName || asked.ContainsKey(clinicalCase.Ordinal)));
    }

    /// <exception cref="StoreException">The run has no such epoch.</exception>
    internal static void CheckEpoch(RunInfo run, int epoch)
    {
        if (epoch < 1 || epoch > run.Target.Epochs)
            throw new StoreException(StoreProblem.Other,
                $"Run {run.Id} has no epoch {epoch}; it has {(run.Target.Epochs == 1 ? "epoch 1" : $"epochs 1 to {run.Target.Epochs}")}.");
    }
}
