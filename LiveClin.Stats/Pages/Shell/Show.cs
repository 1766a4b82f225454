using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Stats.Uncertainty;
using Run = LiveClin.Evaluator.V1.Run;
using RunStatus = LiveClin.Evaluator.V1.RunStatus;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>How numbers, shares and times are written on all pages.</summary>
internal static class Show
{
    private const string Unknown = "–";

    /// <summary>37.4 %, or a dash.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : Unknown;

    /// <summary>5 / 10.</summary>
    public static string Count(Ratio ratio) => $"{Number(ratio.Count)} / {Number(ratio.Total)}";

    /// <summary>12.1–43.0 %, or a dash.</summary>
    public static string Range(Interval interval) =>
        double.IsFinite(interval.Low) && double.IsFinite(interval.High)
            ? string.Create(CultureInfo.InvariantCulture, $"{interval.Low * 100:0.0}–{interval.High * 100:0.0} %") : Unknown;

    /// <summary>The state of a run in words.</summary>
    public static string Status(Run run) => run.Status switch
    {
        RunStatus.Running => run.Active ? "running" : "cut off",
        RunStatus.Completed => "completed",
        RunStatus.EndedWithFailures => "ended with failures",
        RunStatus.Cancelled => "cancelled",
        RunStatus.Failed => "failed",
        _ => "unknown",
    };

    /// <summary>12,345.</summary>
    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A value with as many digits as say something, or a dash.</summary>
    public static string Value(double value) => !double.IsFinite(value) ? Unknown : Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0;−#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0;−0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00;−0.00;0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>p = 0.012, p &lt; 0.001.</summary>
    public static string P(double p) =>
        !double.IsFinite(p) ? Unknown : p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>845 ms, 4.6 s, 2 m 05 s, 3 h 12 m.</summary>
    public static string Duration(TimeSpan value) => value switch
    {
        { TotalSeconds: < 1 } => value.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms",
        { TotalMinutes: < 1 } => value.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.Minutes} m {value.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours} h {value.Minutes:00} m"),
    };

    /// <summary>712 bytes, 4.6 kB, 12.0 MB.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} bytes",
        < 1_000_000 => (bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " kB",
        _ => (bytes / 1e6).ToString("#,0.0", CultureInfo.InvariantCulture) + " MB",
    };

    /// <summary>A time of the machine's clock, with its date, or a dash.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>An outcome in words.</summary>
    public static string Word(Outcome outcome) => outcome switch
    {
        Outcome.NotRun => "not run",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    /// <summary>An extraction rule in words.</summary>
    public static string Word(ExtractionRule rule) => rule switch
    {
        ExtractionRule.Boxed => @"first \boxed{X}",
        ExtractionRule.Phrase => "after “answer”, “option”, “choice”",
        ExtractionRule.Line => "a line that is only a letter",
        ExtractionRule.Capital => "last stand-alone capital",
        ExtractionRule.Whole => "the whole reply",
        _ => "no rule",
    };
}
