using System.Diagnostics;
using System.Globalization;

namespace LiveClin.Benchmarks.Statistics;

/// <summary>Does something and prints how long it took, by the clock and in processor time.</summary>
internal static class Timing
{
    public static T Timed<T>(string what, Func<T> work)
    {
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var result = work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {watch.Elapsed.TotalSeconds,7:0.000} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds,6:0.00} s of a core  {what}"));
        return result;
    }
}
