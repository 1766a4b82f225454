using System.Collections.Immutable;
using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>
/// How much of a run is wanted: the first cases of the release, in each epoch. It may grow; a run's own target is everything that
/// was ever asked of it. As text one number (or <c>all</c>) for each epoch: <c>all</c>, <c>5</c>, <c>all,5,5</c>.
/// </summary>
public sealed record RunTarget
{
    private const string All = "all";
    private const int Unlimited = int.MaxValue;
    private readonly ImmutableArray<int> _casesByEpoch;

    private RunTarget(IEnumerable<int> casesByEpoch) => _casesByEpoch = [.. casesByEpoch];

    /// <summary>Most epochs that a target can have.</summary>
    public const int LargestEpoch = 1000;

    /// <summary>Every case, once.</summary>
    public static RunTarget Whole { get; } = Of(null);

    /// <summary>Number of epochs, at least 1; epochs are numbered from 1.</summary>
    public int Epochs => _casesByEpoch.Length;

    /// <summary>Cases wanted in the first epoch, from the top of the release; null for all. No later epoch wants more.</summary>
    public int? Limit => _casesByEpoch[0] == Unlimited ? null : _casesByEpoch[0];

    /// <summary>The first cases of a release, so many times each.</summary>
    /// <param name="limit">Number of cases, at least 1; null for all.</param>
    /// <param name="epochs">1 to <see cref="LargestEpoch"/>.</param>
    public static RunTarget Of(int? limit, int epochs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 1, 1, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epochs, LargestEpoch);
        return new RunTarget(Enumerable.Repeat(limit ?? Unlimited, epochs));
    }

    /// <summary>Number of cases wanted in an epoch of a release with so many cases; they are its first ones.</summary>
    public int CasesIn(int epoch, int casesOfRelease) => epoch < 1 || epoch > Epochs ? 0 : Math.Min(_casesByEpoch[epoch - 1], casesOfRelease);

    /// <summary>True when a case is wanted in an epoch.</summary>
    public bool Includes(int epoch, int caseOrdinal) => epoch >= 1 && epoch <= Epochs && caseOrdinal < _casesByEpoch[epoch - 1];

    /// <summary>This target for a release with so many cases: a limit that leaves none out is none.</summary>
    public RunTarget For(int casesOfRelease) => new(_casesByEpoch.Select(cases => cases >= casesOfRelease ? Unlimited : cases));

    /// <summary>Everything that this target or the other one wants.</summary>
    public RunTarget Union(RunTarget other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RunTarget(Enumerable.Range(0, Math.Max(Epochs, other.Epochs)).Select(epoch => Math.Max(CasesAt(epoch), other.CasesAt(epoch))));
    }

    /// <summary>True when the other target wants nothing more than this one.</summary>
    public bool Contains(RunTarget other) => Union(other) == this;

    /// <summary>Reads a target's text.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static RunTarget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RunTarget(text.Split(',').Select(cases => cases == All ? Unlimited : int.Parse(cases, NumberStyles.None, CultureInfo.InvariantCulture)));
    }

    /// <summary>The target's text.</summary>
    public override string ToString() => string.Join(',', _casesByEpoch.Select(cases => cases == Unlimited ? All : cases.ToString(CultureInfo.InvariantCulture)));

    /// <summary>In words: <c>all cases</c>, <c>the first 5 cases</c>, <c>all cases, 3 epochs</c>.</summary>
    public string Describe()
    {
        if (Epochs == 1) return Words(_casesByEpoch[0]);
        return _casesByEpoch.Distinct().Count() == 1
            ? $"{Words(_casesByEpoch[0])}, {Epochs} epochs"
            : string.Join("; ", _casesByEpoch.Select((cases, index) => $"epoch {index + 1}: {Words(cases)}"));

        static string Words(int cases) => cases switch { Unlimited => "all cases", 1 => "the first case", _ => $"the first {cases} cases" };
    }

    /// <inheritdoc/>
    public bool Equals(RunTarget? other) => other is not null && _casesByEpoch.SequenceEqual(other._casesByEpoch);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private int CasesAt(int epoch) => epoch < Epochs ? _casesByEpoch[epoch] : 0;
}
