using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>
/// Some cases of a release: the first ones, all, or a sample of it, and of these perhaps only a shard. As text <c>all</c>, <c>5</c>,
/// <c>sample:50</c>, <c>all@2/4</c>.
/// </summary>
internal sealed record CaseSelection
{
    /// <summary>What the text of a sample begins with.</summary>
    public const string SampleWord = "sample:";

    /// <summary>What stands before a shard.</summary>
    public const char ShardMark = '@';

    /// <summary>The <see cref="Limit"/> of all cases.</summary>
    public const int Unlimited = int.MaxValue;

    private const string AllWord = "all";

    private CaseSelection(int limit, int sample, Shard? shard) => (Limit, Sample, Shard) = (limit, sample, shard);

    /// <summary>Every case.</summary>
    public static CaseSelection All { get; } = new(Unlimited, 0, null);

    /// <summary>Number of cases from the top of the release.</summary>
    public int Limit { get; }

    /// <summary>Number of cases from the top of the order of samples; 0 when these are not of a sample.</summary>
    public int Sample { get; }

    /// <summary>The part of them; null for all of them.</summary>
    public Shard? Shard { get; }

    /// <summary>True for every case.</summary>
    public bool IsAll => Limit == Unlimited && Shard is null;

    /// <summary>True for the first cases of the release, however many, and no others.</summary>
    public bool IsFromTop => Sample == 0 && Shard is null;

    public static CaseSelection First(int cases) => new(cases, 0, null);

    public static CaseSelection SampleOf(int cases) => new(0, cases, null);

    public CaseSelection Of(Shard? shard) => new(Limit, Sample, shard is { Count: 1 } ? null : shard);

    public bool Includes(int ordinal, SampleOrder order) =>
        Shard?.Includes(ordinal) != false && (Sample > 0 ? order.PlaceOf(ordinal) < Sample : ordinal < Limit);

    /// <summary>The same for a release with so many cases: what leaves none out is all.</summary>
    public CaseSelection For(int cases) => Limit >= cases || Sample >= cases ? new CaseSelection(Unlimited, 0, Shard) : this;

    /// <summary>True when every case of the other one is in this one, whatever the release.</summary>
    public bool Contains(CaseSelection other) => ContainsBase(other) && ContainsShard(other.Shard);

    /// <summary>True when both would be the same without their shards.</summary>
    public bool HasBaseOf(CaseSelection other) => (Limit, Sample) == (other.Limit, other.Sample);

    public static CaseSelection Parse(string text)
    {
        var (cases, shard) = text.Split(ShardMark) switch
        {
            [var whole] => (whole, (Shard?)null),
            [var part, var of] when Results.Shard.TryParse(of, out var found) => (part, found),
            _ => throw new FormatException($"'{text}' is no target of a run."),
        };
        var selection = cases == AllWord ? All
            : cases.StartsWith(SampleWord, StringComparison.Ordinal) ? SampleOf(Number(cases[SampleWord.Length..]))
            : First(Number(cases));
        return selection.Of(shard);
    }

    public override string ToString()
    {
        var cases = Limit == Unlimited ? AllWord
            : Sample > 0 ? string.Create(CultureInfo.InvariantCulture, $"{SampleWord}{Sample}")
            : Limit.ToString(CultureInfo.InvariantCulture);
        return Shard is { } shard ? $"{cases}{ShardMark}{shard}" : cases;
    }

    /// <summary>In words: <c>all cases</c>, <c>a sample of 50 cases</c>, <c>shard 2/4 of the first 100 cases</c>.</summary>
    public string Describe()
    {
        var cases = (Limit, Sample) switch
        {
            (Unlimited, _) => "all cases",
            (_, 1) => "a sample of 1 case",
            (_, > 1) => $"a sample of {Sample} cases",
            (1, _) => "the first case",
            _ => $"the first {Limit} cases",
        };
        return Shard is { } shard ? $"shard {shard} of {cases}" : cases;
    }

    private bool ContainsBase(CaseSelection other) => Limit == Unlimited
        || (Sample > 0 ? other.Sample > 0 && other.Sample <= Sample : other.Sample == 0 && other.Limit <= Limit);

    private bool ContainsShard(Shard? other) =>
        Shard is not { } shard || (other is { } part && part.Count % shard.Count == 0 && (part.Index - 1) % shard.Count == shard.Index - 1);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
