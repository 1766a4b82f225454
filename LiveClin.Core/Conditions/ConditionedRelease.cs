using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Conditions;

/// <summary>
/// A release under a condition: which of its cases are asked, and how. Safe for concurrent use; each case is worked out once.
/// </summary>
public sealed class ConditionedRelease
{
    private readonly ConditionContext _context;
    private readonly ConcurrentDictionary<int, ConditionedCase?> _cases = [];

    /// <param name="condition">The condition.</param>
    /// <param name="release">Every case of the release, whatever part of it is asked: some conditions take from other cases.</param>
    /// <param name="mode">How images travel.</param>
    /// <param name="findImage">Finds a file below the image root, null when it does not exist.</param>
    public ConditionedRelease(Condition condition, IReadOnlyList<Case> release, ImageMode mode, Func<string, ImageFile?> findImage)
    {
        ArgumentNullException.ThrowIfNull(condition);
        (Condition, _context) = (condition, new ConditionContext(release, mode, findImage));
    }

    /// <summary>The condition.</summary>
    public Condition Condition { get; }

    /// <summary>
    /// The case as it is asked; null when it is not: the condition, or one of its parts, leaves every request as published or cannot be had
    /// for it.
    /// </summary>
    /// <exception cref="IOException">An image cannot be read.</exception>
    public ConditionedCase? Find(Case clinicalCase)
    {
        ArgumentNullException.ThrowIfNull(clinicalCase);
        // Published conversations are put together when they are held: nothing is to be decided about them.
        return Condition.IsPublished ? Make(clinicalCase) : _cases.GetOrAdd(clinicalCase.Ordinal, _ => Make(clinicalCase));
    }

    private ConditionedCase? Make(Case clinicalCase)
    {
        var published = PromptBuilder.Build(clinicalCase, _context.Mode, _context.FindImage);
        if (Condition.IsPublished) return new ConditionedCase(ShownCase.Of(clinicalCase), published, published);
        // Joined parts are asked of cases to which each of them applies.
        if (Condition.Parts.Length > 1 && !Condition.Parts.All(part => Make([part], clinicalCase, published) is not null)) return null;
        return Make(Condition.Parts, clinicalCase, published);
    }

    private ConditionedCase? Make(ImmutableArray<ConditionPart> parts, Case clinicalCase, ImmutableArray<TurnPrompt> published)
    {
        var shown = ShownCase.Of(clinicalCase);
        foreach (var part in parts)
        {
            if (part.Apply(shown, _context) is not { } next) return null;
            shown = next;
        }

        var prompts = PromptBuilder.Build(shown.Case, _context.Mode, _context.FindImage, shown.Form);
        var conditioned = new ConditionedCase(shown, prompts, published);
        return conditioned.IsChanged ? conditioned : null;
    }
}
