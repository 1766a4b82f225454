using System.Globalization;
using System.Security.Cryptography;

namespace LiveClin.Evaluator.Runs;

/// <summary>Identifiers of runs: sortable by time, short enough to type.</summary>
internal static class RunId
{
    /// <summary>For example <c>20260131-142501-7f3a9c</c> (UTC, then random digits).</summary>
    public static string Create(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-"
            + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
}
