namespace LiveClin.AppHost.Settings;

/// <summary>Loopback, which no proxy of the environment can reach for us.</summary>
internal static class Loopback
{
    private static readonly string[] Names = ["localhost", "127.0.0.1", "::1"];

    /// <summary>The value of <c>NO_PROXY</c> or <c>no_proxy</c> with loopback in it.</summary>
    public static string Unproxied(string variable)
    {
        var inherited = (Environment.GetEnvironmentVariable(variable) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return inherited.Contains("*") ? "*" : string.Join(',', inherited.Concat(Names).Distinct());
    }
}
