using System.Collections.Frozen;
using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>One conversation of a run: a case in an epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Case">The case.</param>
internal readonly record struct PlannedConversation(int Epoch, Case Case)
{
    /// <summary>What tells it from the others of its run.</summary>
    public (int Epoch, int Case) Key => (Epoch, Case.Ordinal);
}

/// <summary>What is to be done to bring a run to a target: its conversations, and what of them stands already.</summary>
internal sealed class RunPlan
{
    private readonly FrozenDictionary<(int Epoch, int Case, int Question), Answer> _stored;
    private readonly bool _retryFiltered;

    /// <param name="run">The run.</param>
    /// <param name="target">How much is wanted.</param>
    /// <param name="asked">The cases of the target's first epoch, and how the condition asks them.</param>
    /// <param name="request">How it is asked.</param>
    /// <param name="stored">The answers that the run has.</param>
    public RunPlan(RunInfo run, RunTarget target, AskedCases asked, RunRequest request, IEnumerable<Answer> stored)
    {
        (Run, Target, Asked, Concurrency) = (run, target, asked, request.Concurrency);
        _retryFiltered = request.RetryFiltered;
        _stored = stored.ToFrozenDictionary(answer => (answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex));
        // The first epoch of every case comes before the second of any: a run that is stopped early is a whole one with fewer epochs.
        Conversations = [.. Enumerable.Range(1, target.Epochs)
            .SelectMany(epoch => asked.Release.Cases.Where(@case => target.Includes(epoch, @case.Ordinal, asked.Order))
                .Select(@case => new PlannedConversation(epoch, @case)))];
        QuestionCount = Conversations.Sum(conversation => conversation.Case.Questions.Length);
        Open = [.. Conversations.Where(IsOpen)];
    }

    public RunInfo Run { get; }

    public RunTarget Target { get; }

    /// <summary>The cases of the target's first epoch, and how the condition asks them.</summary>
    public AskedCases Asked { get; }

    public Release Release => Asked.Release;

    /// <summary>Conversations at a time.</summary>
    public int Concurrency { get; }

    /// <summary>All conversations of the target, in the order in which they are held.</summary>
    public ImmutableArray<PlannedConversation> Conversations { get; }

    /// <summary>Those in which something is to be asked.</summary>
    public ImmutableArray<PlannedConversation> Open { get; }

    /// <summary>Questions of the target, over all epochs.</summary>
    public int QuestionCount { get; }

    /// <summary>Questions that will be asked when none fails.</summary>
    public int QuestionsToAsk =>
        Open.Sum(conversation => conversation.Case.Questions.Count(question => Standing(conversation, question) is null));

    /// <summary>
    /// The stored answer that is not asked for again: one with a reply, or a decision of model or provider that asking again would hardly
    /// change.
    /// </summary>
    public Answer? Standing(PlannedConversation conversation, Question question) =>
        StandingOf(_stored.GetValueOrDefault((conversation.Epoch, conversation.Case.Ordinal, question.Index)));

    /// <summary>The same of an answer that was read since.</summary>
    public Answer? StandingOf(Answer? answer) =>
        answer is not null && (answer.Reply is not null || (answer.IsFinalWithoutReply && !_retryFiltered)) ? answer : null;

    /// <summary>Where each stored reply came from; null for one whose address was not recorded.</summary>
    public IEnumerable<string?> ReplyEndpoints =>
        _stored.Values.Where(answer => answer.Reply is not null).Select(answer => answer.Endpoint);

    /// <summary>The kind of failure that a question had before this start; null for none.</summary>
    /// <param name="answer">Its answer now.</param>
    public string? StoredErrorOf(Answer answer) =>
        _stored.GetValueOrDefault((answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex))?.ErrorKind;

    /// <summary>The standing answers of a conversation, in order.</summary>
    public IEnumerable<Answer> StandingAnswers(PlannedConversation conversation) =>
        conversation.Case.Questions.Select(question => Standing(conversation, question)).OfType<Answer>();

    /// <summary>The prompt hash of a question in whichever epoch has it; null when it was not asked yet.</summary>
    public string? KnownPromptHash(PlannedConversation conversation, Question question) => Enumerable.Range(1, Run.Target.Epochs)
        .Select(epoch => _stored.GetValueOrDefault((epoch, conversation.Case.Ordinal, question.Index)))
        .FirstOrDefault(answer => answer is { Reply: not null, PromptHash: not null })?.PromptHash;

    /// <summary>
    /// True when nothing is left to be asked of a conversation as it is stored now: it was completed since the plan was made, or somebody
    /// else has tried all of it again, in vain. Where another one's model server was not reached nothing was tried: this one may have a
    /// server that is.
    /// </summary>
    public bool IsOver(PlannedConversation conversation, IReadOnlyDictionary<int, Answer> stored)
    {
        if (!IsOpen(conversation, question => StandingOf(stored.GetValueOrDefault(question.Index)))) return true;
        if (stored.Values.Any(answer => answer.ErrorKind == HttpFailures.Unreachable)) return false;
        return stored.Count == conversation.Case.Questions.Length && stored.Values.Any(answer =>
            _stored.GetValueOrDefault((answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex))?.CompletedAt != answer.CompletedAt);
    }

    private bool IsOpen(PlannedConversation conversation) => IsOpen(conversation, question => Standing(conversation, question));

    // A conversation is over when its last question has a reply, or one before it ended it for good; questions that do not depend on each
    // other are each over for themselves.
    private bool IsOpen(PlannedConversation conversation, Func<Question, Answer?> findStanding)
    {
        if (Asked.Condition.HasIndependentTurns) return conversation.Case.Questions.Any(question => findStanding(question) is null);
        foreach (var question in conversation.Case.Questions)
        {
            if (findStanding(question) is not { } standing) return true;
            // On a damaged reply no further question can follow: the model never said that.
            if (standing.Reply is null || standing.IsDamaged) return false;
        }

        return false;
    }
}
