using System.Collections.Immutable;
using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>
/// How much of a run is wanted: in each epoch the first cases of the release, or a sample of it (<see cref="SampleOrder"/>). It may grow; a
/// run's own target is everything that was ever asked of it. As text one part for each epoch: <c>all</c>, <c>5</c>, <c>all,5,5</c>,
/// <c>sample:50</c>, <c>5+sample:50</c>. Of a condition that leaves cases unchanged, those are not asked.
/// </summary>
public sealed record RunTarget
{
    private readonly ImmutableArray<EpochTarget> _epochs;

    private RunTarget(IEnumerable<EpochTarget> epochs) => _epochs = [.. epochs];

    /// <summary>Most epochs that a target can have.</summary>
    public const int LargestEpoch = 1000;

    /// <summary>What the part of an epoch that wants a sample begins with, in a target's text.</summary>
    public const string SampleWord = "sample:";

    /// <summary>Every case, once.</summary>
    public static RunTarget Whole { get; } = Of(null);

    /// <summary>Number of epochs, at least 1; epochs are numbered from 1.</summary>
    public int Epochs => _epochs.Length;

    /// <summary>Cases wanted in the first epoch, from the top of the release; null where cases further down are wanted, too. No later epoch wants more.</summary>
    public int? Limit => _epochs[0] is { IsWhole: false, Sample: 0, Limit: var limit } ? limit : null;

    /// <summary>Cases of the sample that the first epoch wants; null where it wants none.</summary>
    public int? Sample => _epochs[0].Sample is > 0 and var sample ? sample : null;

    /// <summary>True when an epoch wants a sample.</summary>
    public bool IsSampled => _epochs.Any(epoch => epoch.Sample > 0);

    /// <summary>The first cases of a release, so many times each.</summary>
    /// <param name="limit">Number of cases, at least 1; null for all.</param>
    /// <param name="epochs">1 to <see cref="LargestEpoch"/>.</param>
    public static RunTarget Of(int? limit, int epochs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 1, 1, nameof(limit));
        return Repeat(new EpochTarget(limit ?? EpochTarget.Unlimited, 0), epochs);
    }

    /// <summary>A sample of a release, so many times.</summary>
    /// <param name="cases">Number of cases, at least 1.</param>
    /// <param name="epochs">1 to <see cref="LargestEpoch"/>.</param>
    public static RunTarget OfSample(int cases, int epochs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        return Repeat(new EpochTarget(0, cases), epochs);
    }

    /// <summary>True when a case is wanted in an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="caseOrdinal">Position of the case in the release.</param>
    /// <param name="order">The release's order of samples.</param>
    public bool Includes(int epoch, int caseOrdinal, SampleOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (epoch < 1 || epoch > Epochs) return false;
        var wanted = _epochs[epoch - 1];
        return caseOrdinal < wanted.Limit || (wanted.Sample > 0 && order.PlaceOf(caseOrdinal) < wanted.Sample);
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

    private EpochTarget At(int epoch) => epoch < Epochs ? _epochs[epoch] : new EpochTarget(0, 0);

    /// <summary>What one epoch wants.</summary>
    /// <param name="Limit">Cases from the top of the release.</param>
    /// <param name="Sample">Cases from the top of the order of samples.</param>
    private sealed record EpochTarget(int Limit, int Sample)
    {
        public const int Unlimited = int.MaxValue;
        private const string All = "all";

        public bool IsWhole => Limit == Unlimited;

        public EpochTarget For(int cases) => Limit >= cases || Sample >= cases ? new EpochTarget(Unlimited, 0) : this;

        public EpochTarget Union(EpochTarget other) =>
            IsWhole || other.IsWhole ? new EpochTarget(Unlimited, 0) : new EpochTarget(Math.Max(Limit, other.Limit), Math.Max(Sample, other.Sample));

        public static EpochTarget Parse(string text) => text.Split('+') switch
        {
            [All] => new EpochTarget(Unlimited, 0),
            [var sample] when sample.StartsWith(SampleWord, StringComparison.Ordinal) => new EpochTarget(0, Number(sample[SampleWord.Length..])),
            [var limit] => new EpochTarget(Number(limit), 0),
            [var limit, var sample] when sample.StartsWith(SampleWord, StringComparison.Ordinal) =>
                new EpochTarget(Number(limit), Number(sample[SampleWord.Length..])),
            _ => throw new FormatException($"'{text}' is no target of a run."),
        };

        public override string ToString() => (IsWhole, Limit, Sample) switch
        {
            (true, _, _) => All,
            (_, _, 0) => Limit.ToString(CultureInfo.InvariantCulture),
            (_, 0, _) => string.Create(CultureInfo.InvariantCulture, $"{SampleWord}{Sample}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Limit}+{SampleWord}{Sample}"),
        };

        public string Describe()
        {
            var first = Limit switch { Unlimited => "all cases", 1 => "the first case", _ => $"the first {Limit} cases" };
            var sample = Sample == 1 ? "a sample of 1 case" : $"a sample of {Sample} cases";
            return Sample == 0 ? first : Limit == 0 ? sample : $"{first} and {sample}";
        }

        private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
