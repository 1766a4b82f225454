using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>Numbers in the contract's form: what cannot be given is absent.</summary>
internal static class Mapping
{
    public static Ratio ToMessage(this Uncertainty.Ratio ratio)
    {
        var message = new Ratio { Count = ratio.Count, Total = ratio.Total };
        if (ratio.Total > 0) message.Value = ratio.Value;
        return message;
    }

    public static Interval? ToMessage(this Uncertainty.Interval interval) =>
        double.IsNaN(interval.Low) || double.IsNaN(interval.High) ? null : new Interval { Low = interval.Low, High = interval.High };
}
