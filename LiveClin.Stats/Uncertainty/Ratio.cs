namespace LiveClin.Stats.Uncertainty;

/// <summary>A share with its counts, so that no percentage stands without its denominator.</summary>
/// <param name="Count">How many.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct Ratio(int Count, int Total)
{
    /// <summary>The share, 0 to 1; NaN when there is nothing to take a share of.</summary>
    public double Value => Total > 0 ? (double)Count / Total : double.NaN;
}

/// <summary>A confidence interval.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>No statement can be made.</summary>
    public static Interval None { get; } = new(double.NaN, double.NaN);

    /// <summary>Half of its length.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether a value lies in it, ends included.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
