namespace LiveClin.AppHost.Sweep;

/// <summary>How long to wait before something that ended is started again: 1 s, 2 s, 4 s …, at most a minute.</summary>
internal static class Backoff
{
    private const int MaximumSeconds = 60;

    /// <summary>The wait before a restart.</summary>
    /// <param name="restart">The how manyth it is, from 1.</param>
    public static TimeSpan Before(int restart) => TimeSpan.FromSeconds(Math.Min(MaximumSeconds, Math.Pow(2, restart - 1)));
}
