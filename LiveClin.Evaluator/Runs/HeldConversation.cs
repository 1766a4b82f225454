using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>A conversation that this evaluator holds.</summary>
/// <param name="Planned">Which one.</param>
/// <param name="Claim">What keeps other evaluators from it; null where there can be none.</param>
/// <param name="Stored">What is stored of it now, by question; null where nobody else can have written since the plan was made.</param>
internal sealed record HeldConversation(
    PlannedConversation Planned, ConversationClaim? Claim = null, IReadOnlyDictionary<int, Answer>? Stored = null)
{
    /// <summary>The answer to a question that is not asked for again.</summary>
    public Answer? Standing(RunPlan plan, Question question) =>
        Stored is null ? plan.Standing(Planned, question) : plan.StandingOf(Stored.GetValueOrDefault(question.Index));

    /// <summary>The prompt hash of a question in whichever epoch has it; null when it was not asked yet.</summary>
    public string? KnownPromptHash(RunPlan plan, Question question) =>
        (Stored?.GetValueOrDefault(question.Index) is { Reply: not null, PromptHash: { } hash } ? hash : null)
            ?? plan.KnownPromptHash(Planned, question);
}
