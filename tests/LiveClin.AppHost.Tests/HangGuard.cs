namespace LiveClin.AppHost.Tests;

/// <summary>Ends what hangs. Not a bound on speed: a busy machine takes several times as long as an idle one.</summary>
internal static class HangGuard
{
    /// <summary>The longest that a test may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
}
