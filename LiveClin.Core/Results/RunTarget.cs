using System.Collections.Immutable;

namespace LiveClin.Core.Results;

/// <summary>
/// How much of a run is wanted: in each epoch the first cases of the release, a sample of it (<see cref="SampleOrder"/>), or a shard of
/// these (<see cref="Shard"/>). It may grow; a run's own target is everything that was ever asked of it. As text one part for each epoch:
/// <c>all</c>, <c>5</c>, <c>all,5,5</c>, <c>sample:50</c>, <c>5+sample:50</c>, <c>all@2/4</c>. Of a condition that leaves cases
/// unchanged, those are not asked.
/// </summary>
public sealed record RunTarget
{
    private readonly ImmutableArray<EpochTarget> _epochs;

    private RunTarget(IEnumerable<EpochTarget> epochs) => _epochs = [.. epochs];

    /// <summary>Most epochs that a target can have.</summary>
    public const int LargestEpoch = 1000;

    /// <summary>Every case, once.</summary>
    public static RunTarget Whole { get; } = Of(null);

    /// <summary>Number of epochs, at least 1; epochs are numbered from 1.</summary>
    public int Epochs => _epochs.Length;

    /// <summary>
    /// Cases wanted in the first epoch, from the top of the release; null where cases further down are wanted, too. No later epoch wants
    /// more.
    /// </summary>
    public int? Limit => _epochs[0].Limit;

    /// <summary>Cases of the sample that the first epoch wants; null where it wants none, or others besides.</summary>
    public int? Sample => _epochs[0].Only is { Sample: > 0 and var sample } ? sample : null;

    /// <summary>
    /// Cases from the top of the release that the first epoch wants, or of which it wants a shard; null for all, and where there is more to
    /// say.
    /// </summary>
    public int? FirstCases => _epochs[0].Only is { Sample: 0, Limit: < CaseSelection.Unlimited and var first } ? first : null;

    /// <summary>The shard of its cases that the first epoch wants; null where it wants all of them.</summary>
    public Shard? Shard => _epochs[0].Only?.Shard;

    /// <summary>True when an epoch wants others than the first cases: a sample or a shard.</summary>
    public bool IsScattered => _epochs.Any(epoch => epoch.IsScattered);

    /// <summary>True when a target's text is of one that wants others than the first cases.</summary>
    public static bool IsScatteredText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(CaseSelection.SampleWord, StringComparison.Ordinal)
            || text.Contains(CaseSelection.ShardMark, StringComparison.Ordinal);
    }

    /// <summary>The first cases of a release, so many times each.</summary>
    /// <param name="limit">Number of cases, at least 1; null for all.</param>
    /// <param name="epochs">1 to <see cref="LargestEpoch"/>.</param>
    public static RunTarget Of(int? limit, int epochs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 1, 1, nameof(limit));
        return Repeat(new EpochTarget(limit is { } first ? CaseSelection.First(first) : CaseSelection.All), epochs);
    }

    /// <summary>A sample of a release, so many times.</summary>
    /// <param name="cases">Number of cases, at least 1.</param>
    /// <param name="epochs">1 to <see cref="LargestEpoch"/>.</param>
    public static RunTarget OfSample(int cases, int epochs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        return Repeat(new EpochTarget(CaseSelection.SampleOf(cases)), epochs);
    }

    /// <summary>A shard of what this target wants, in every epoch.</summary>
    public RunTarget Of(Shard shard) => new(_epochs.Select(epoch => epoch.Of(shard)));

    /// <summary>True when a case is wanted in an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="caseOrdinal">Position of the case in the release.</param>
    /// <param name="order">The release's order of samples.</param>
    public bool Includes(int epoch, int caseOrdinal, SampleOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return epoch >= 1 && epoch <= Epochs && _epochs[epoch - 1].Includes(caseOrdinal, order);
    }

    /// <summary>This target for a release with so many cases: a limit that leaves none out is none.</summary>
    public RunTarget For(int casesOfRelease) => new(_epochs.Select(epoch => epoch.For(casesOfRelease)));

    /// <summary>Everything that this target or the other one wants.</summary>
    public RunTarget Union(RunTarget other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RunTarget(Enumerable.Range(0, Math.Max(Epochs, other.Epochs)).Select(epoch => At(epoch).Union(other.At(epoch))));
    }

    /// <summary>True when the other target wants nothing more than this one.</summary>
    public bool Contains(RunTarget other) => Union(other) == this;

    /// <summary>Reads a target's text.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static RunTarget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RunTarget(text.Split(',').Select(EpochTarget.Parse));
    }

    /// <summary>The target's text.</summary>
    public override string ToString() => string.Join(',', _epochs);

    /// <summary>In words: <c>all cases</c>, <c>the first 5 cases</c>, <c>a sample of 50 cases, 3 epochs</c>.</summary>
    public string Describe()
    {
        if (Epochs == 1) return _epochs[0].Describe();
        return _epochs.Distinct().Count() == 1
            ? $"{_epochs[0].Describe()}, {Epochs} epochs"
            : string.Join("; ", _epochs.Select((epoch, index) => $"epoch {index + 1}: {epoch.Describe()}"));
    }

    /// <inheritdoc/>
    public bool Equals(RunTarget? other) => other is not null && _epochs.SequenceEqual(other._epochs);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static RunTarget Repeat(EpochTarget target, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epochs, LargestEpoch);
        return new RunTarget(Enumerable.Repeat(target, epochs));
    }

    private EpochTarget At(int epoch) => epoch < Epochs ? _epochs[epoch] : EpochTarget.Nothing;
}
