using System.Globalization;
using LiveClin.Core.Costs;
using LiveClin.Core.Results;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Words and figures of runs for the console.</summary>
internal static class RunText
{
    /// <summary><c>34/46 (73.91%)</c>; without a percentage when there is nothing to divide by.</summary>
    public static string Share(int part, int whole) => whole == 0
        ? $"{part}/{whole}"
        : string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} ({100.0 * part / whole:F2}%)");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>16/16</c>: cases of the release that the run has dealt with; a partial run says so.</summary>
    public static string Coverage(RunTally tally) => $"{tally.CasesCovered}/{tally.CasesInRelease}{(tally.IsPartial ? " partial" : "")}";

    /// <summary><c>2 http_500, 1 timeout</c>: questions without a reply by kind; <c>0</c> when there are none.</summary>
    public static string Failures(RunTally tally) => tally.FailuresByKind.Count == 0
        ? "0"
        : string.Join(", ", tally.FailuresByKind.OrderByDescending(failure => failure.Value)
            .ThenBy(failure => failure.Key, StringComparer.Ordinal)
            .Select(failure => $"{failure.Value.ToString(CultureInfo.InvariantCulture)} {Safe(failure.Key)}"));

    /// <summary><c>1:02:03</c>: from its beginning to its last end; <c>-</c> while it has none.</summary>
    public static string Duration(RunInfo run) => run.FinishedAt is { } end
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)(end - run.StartedAt).TotalHours}:{end - run.StartedAt:mm\\:ss}")
        : "-";

    /// <summary><c>120000 + 4500</c>: prompt and reply tokens over all epochs; <c>-</c> where the server counted none.</summary>
    public static string Tokens(RunUsage usage)
    {
        if (usage is not { Input: { } input, Output: { } output }) return "-";
        var uncounted = usage.RepliesUncounted == 0 ? "" : $", {usage.RepliesUncounted} replies not counted";
        return string.Create(CultureInfo.InvariantCulture, $"{input} + {output}{uncounted}");
    }

    /// <summary><c>0.42 USD</c>: what replies cost at a price; those that the server did not count come on top.</summary>
    public static string Cost(RunUsage usage, Price price)
    {
        var cost = MoneyText.Of(price.CostOf(usage.Input ?? 0, usage.CachedInput ?? 0, usage.Output ?? 0), price.Currency);
        return usage.RepliesUncounted == 0
            ? cost
            : string.Create(CultureInfo.InvariantCulture, $"{cost}, and {usage.RepliesUncounted} replies that the server did not count");
    }

    /// <summary>The state in one word; a run that nobody works on any more says so.</summary>
    public static string Status(RunInfo run) => run.Status switch
    {
        RunStatus.Running => "running or interrupted",
        RunStatus.Completed => "completed",
        RunStatus.EndedWithFailures => "ended with failures",
        RunStatus.Cancelled => "cancelled",
        _ => "failed",
    };

    /// <summary>Text from a file or a server as it may be shown.</summary>
    public static string Safe(string? text) => ShownText.Line(text);
}
