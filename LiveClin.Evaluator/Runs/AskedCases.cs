using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>The cases that a target wants of a release and that a condition applies to, and how they are asked.</summary>
internal sealed class AskedCases
{
    private readonly ConditionedRelease _conditioned;

    private AskedCases(ConditionedRelease conditioned, Release release, SampleOrder order, ImmutableArray<RunCase> runCases) =>
        (_conditioned, Release, Order, RunCases) = (conditioned, release, order, runCases);

    /// <summary>The condition.</summary>
    public Condition Condition => _conditioned.Condition;

    /// <summary>The release, cut to these cases.</summary>
    public Release Release { get; }

    /// <summary>The order in which samples take the release's cases.</summary>
    public SampleOrder Order { get; }

    /// <summary>Every case of the whole release that the condition applies to; empty for the published one, which applies to all.</summary>
    public ImmutableArray<RunCase> RunCases { get; }

    /// <summary>Works out what is asked.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="mode">How images travel.</param>
    /// <param name="whole">Every case of the release.</param>
    /// <param name="limited">Its cases down to the target's limit, with their images checked.</param>
    /// <param name="target">How much is wanted.</param>
    /// <param name="findImage">Finds files below the image root.</param>
    /// <exception cref="RunRefusedException">The condition cannot be had with these images.</exception>
    public static AskedCases Of(
        Condition condition, ImageMode mode, Release whole, Release limited, RunTarget target, Func<string, ImageFile?> findImage)
    {
        if (condition.NeedsImageFiles && mode != ImageMode.Local)
            throw new RunRefusedException(
                $"Condition '{condition}' makes other images of the release's files; it needs local images (--image-mode local, ImageMode).");
        var conditioned = new ConditionedRelease(condition, whole.Cases, mode, findImage);
        var order = SampleOrder.Of(whole.Cases);
        if (condition.IsPublished)
            return new AskedCases(conditioned, target.IsScattered ? Cut(limited, IsWanted) : limited, order, []);
        try
        {
            // In parallel: orders by hash and images take their time on a whole release.
            Parallel.ForEach(whole.Cases, clinicalCase => conditioned.Find(clinicalCase));
        }
        catch (AggregateException error) when (error.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new RunRefusedException($"Condition '{condition}': an image cannot be read: {error.InnerException.Message}");
        }

        ImmutableArray<RunCase> runCases = [.. whole.Cases.Select(conditioned.Find).OfType<ConditionedCase>().Select(RunCase.Of)];
        var applies = runCases.Select(asked => asked.Ordinal).ToHashSet();
        return new AskedCases(conditioned, Cut(limited, clinicalCase => applies.Contains(clinicalCase.Ordinal) && IsWanted(clinicalCase)),
            order, runCases);

        bool IsWanted(Case clinicalCase) => target.Includes(1, clinicalCase.Ordinal, order);
    }

    /// <summary>How one of these cases is asked.</summary>
    public ConditionedCase this[Case clinicalCase] => _conditioned.Find(clinicalCase)
        ?? throw new InvalidOperationException($"Case {clinicalCase.Id} is not asked under {Condition}.");

    /// <summary>Says why a run cannot go on with these cases; null when it can.</summary>
    /// <param name="recorded">What the run asked when it began.</param>
    public string? FindChange(IReadOnlyDictionary<int, RunCase> recorded)
    {
        var now = RunCases.ToDictionary(asked => asked.Ordinal);
        foreach (var ordinal in now.Keys.Union(recorded.Keys).Order())
            if (now.GetValueOrDefault(ordinal)?.Hash != recorded.GetValueOrDefault(ordinal)?.Hash)
                return $"case {ordinal + 1} of the release is not asked under '{Condition}' as it was when the run began; its images have changed";
        return null;
    }

    private static Release Cut(Release release, Func<Case, bool> isAsked) => release with { Cases = [.. release.Cases.Where(isAsked)] };
}
