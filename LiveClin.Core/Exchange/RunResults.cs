using System.Collections.Frozen;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>One epoch of a run, with the cases that it asks and the answers that it has: what exports are made of.</summary>
public sealed class RunResults
{
    private readonly FrozenDictionary<(int Case, int Question), Answer> _answers;

    /// <summary>Puts together what is at hand.</summary>
    /// <param name="run">The run.</param>
    /// <param name="release">Its release, cut to the cases asked.</param>
    /// <param name="answers">Its answers; those of other epochs are left out.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public RunResults(RunInfo run, Release release, IReadOnlyList<Answer> answers, int epoch = 1)
    {
        (Run, Release, Epoch) = (run, release, epoch);
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
        var asked = release with { Cases = [.. release.Cases.Take(run.Target.CasesIn(epoch, release.Cases.Length))] };
        return new RunResults(run, asked, store.GetEpoch(run.Id, epoch), epoch);
    }
}
