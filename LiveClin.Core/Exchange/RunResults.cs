using System.Collections.Frozen;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>A run with the cases that it asks and the answers that it has: what exports are made of.</summary>
public sealed class RunResults
{
    private readonly FrozenDictionary<(int Case, int Question), Answer> _answers;

    /// <summary>Puts together what is at hand.</summary>
    /// <param name="run">The run.</param>
    /// <param name="release">Its release, cut to the cases asked.</param>
    /// <param name="answers">Its answers.</param>
    public RunResults(RunInfo run, Release release, IReadOnlyList<Answer> answers)
    {
        (Run, Release) = (run, release);
        _answers = answers.ToFrozenDictionary(answer => (answer.CaseOrdinal, answer.QuestionIndex));
    }

    /// <summary>The run.</summary>
    public RunInfo Run { get; }

    /// <summary>The release, cut to the cases asked.</summary>
    public Release Release { get; }

    /// <summary>The answer to a question; null when it was not dealt with yet.</summary>
    public Answer? Find(Case one, Question question) => _answers.GetValueOrDefault((one.Ordinal, question.Index));

    /// <summary>The answers to a case, by question.</summary>
    public IReadOnlyList<Answer> Of(Case one) => [.. one.Questions.Select(question => Find(one, question)).OfType<Answer>()];

    /// <summary>Reads a run's results from a store.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static RunResults Load(ResultStore store, RunInfo run)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        var specification = run.Specification;
        var release = store.LoadRelease(specification.ReleaseSha256, specification.Limit)
            ?? throw new StoreException(StoreProblem.Damaged, $"{store.Path}: the release of run {run.Id} ({specification.ReleaseSha256}) is not in the store.");
        return new RunResults(run, release, store.GetAnswers(run.Id));
    }
}
