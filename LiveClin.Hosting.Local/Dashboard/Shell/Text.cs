using System.Globalization;

namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>How numbers, times and durations are written on all pages.</summary>
internal static class Text
{
    /// <summary>812, 1.4k, 2.31M.</summary>
    public static string Count(long value) => value switch
    {
        < 10_000 => value.ToString("N0", CultureInfo.InvariantCulture),
        < 1_000_000 => (value / 1000.0).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        _ => (value / 1_000_000.0).ToString("0.##", CultureInfo.InvariantCulture) + "M",
    };

    /// <summary>845 µs, 12.3 ms, 4.56 s, 2 m 05 s, 3 h 12 m.</summary>
    public static string Duration(TimeSpan value) => value switch
    {
        { Ticks: <= 0 } => "0",
        { TotalMilliseconds: < 1 } => value.TotalMicroseconds.ToString("0.#", CultureInfo.InvariantCulture) + " µs",
        { TotalSeconds: < 1 } => value.TotalMilliseconds.ToString("0.##", CultureInfo.InvariantCulture) + " ms",
        { TotalMinutes: < 1 } => value.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture) + " s",
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.Minutes} m {value.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours} h {value.Minutes:00} m"),
    };

    /// <summary>14:03:07 of the machine's day (its date too, when it is another day).</summary>
    public static string Time(DateTime utc)
    {
        var local = utc.ToLocalTime();
        return local.Date == DateTime.Now.Date ? local.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>With milliseconds.</summary>
    public static string FineTime(DateTime utc) => utc.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>All there is to know of a time.</summary>
    public static string FullTime(DateTime utc) => utc.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff zzz", CultureInfo.InvariantCulture);

    /// <summary>A measured value with as many digits as say something.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e9 or < 1e-4 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
        >= 10_000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>1.2 KiB, 3.4 MiB.</summary>
    public static string Bytes(long value) => value switch
    {
        < 1024 => $"{value} B",
        < 1 << 20 => (value / 1024.0).ToString("0.#", CultureInfo.InvariantCulture) + " KiB",
        _ => (value / (double)(1 << 20)).ToString("0.#", CultureInfo.InvariantCulture) + " MiB",
    };
}
