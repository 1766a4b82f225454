namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// How many cores statistics may keep busy: all in a command; in the service one is left to those who are looking at pages.
/// </summary>
internal static class Cores
{
    /// <summary>For loops over models, pairs or resamples.</summary>
    public static ParallelOptions ForWork { get; private set; } = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>Leaves a core to others from now on.</summary>
    public static void LeaveOne() => ForWork = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount - 1) };
}
