using System.Globalization;

namespace LiveClin.Core.Tables;

/// <summary>Values as texts, where a format has no type for them.</summary>
internal static class TableText
{
    /// <summary><c>2026-01-02T03:04:30.000Z</c>: the one form that pandas, R and DuckDB read alike.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
