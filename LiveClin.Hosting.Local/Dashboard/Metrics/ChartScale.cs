namespace LiveClin.Hosting.Local.Dashboard.Metrics;

/// <summary>Round marks for an axis: 0, 20, 40, 60 rather than 0, 17.3, 34.6.</summary>
internal sealed class ChartScale
{
    public ChartScale(double min, double max, int marks)
    {
        if (!(max > min)) (min, max) = min == 0 ? (0, 1) : (Math.Min(0, min), Math.Max(0, max));
        // Zero belongs to the picture unless the values are far from it.
        if (min > 0 && min < max * 0.9) min = 0;
        if (!(max > min)) max = min + 1;
        var raw = (max - min) / marks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        Step = (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
        Min = Math.Floor(min / Step) * Step;
        Max = Math.Ceiling(max / Step) * Step;
    }

    public double Min { get; }

    public double Max { get; }

    public double Step { get; }

    public IEnumerable<double> Marks
    {
        get
        {
            for (var i = 0; Min + i * Step <= Max + Step / 2; i++) yield return Min + i * Step;
        }
    }

    /// <summary>0 at the minimum, 1 at the maximum.</summary>
    public double Place(double value) => (value - Min) / (Max - Min);
}
