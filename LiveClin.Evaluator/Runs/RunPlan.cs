using System.Collections.Frozen;
using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>What a run has to do: its cases, and what of them is answered already.</summary>
internal sealed class RunPlan
{
    private readonly FrozenDictionary<(int Case, int Question), Answer> _stored;

    public RunPlan(RunInfo run, ImmutableArray<Case> cases, ImageMode imageMode, int concurrency, IEnumerable<Answer> stored)
    {
        (Run, Cases, ImageMode, Concurrency) = (run, cases, imageMode, concurrency);
        QuestionCount = cases.Sum(one => one.Questions.Length);
        _stored = stored.ToFrozenDictionary(answer => (answer.CaseOrdinal, answer.QuestionIndex));
    }

    public RunInfo Run { get; }

    public ImmutableArray<Case> Cases { get; }

    public ImageMode ImageMode { get; }

    /// <summary>Conversations at a time.</summary>
    public int Concurrency { get; }

    public int QuestionCount { get; }

    /// <summary>The stored answer that stands: one with a reply, or a decision of model or provider that asking again would not change.</summary>
    public Answer? Standing(Case one, Question question) =>
        _stored.TryGetValue((one.Ordinal, question.Index), out var answer) && (answer.Reply is not null || answer.Outcome is Outcome.Filtered or Outcome.Refused) ? answer : null;
}
