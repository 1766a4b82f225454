using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Core.Text;

namespace LiveClin.Core.Failures;

/// <summary>Why questions have no reply, in one line.</summary>
public static class FailureText
{
    private const int Longest = 120;

    /// <summary>
    /// <c>http_500 × 10 (CUDA error: an illegal memory access), timeout × 1 (…)</c>, most frequent first; empty when there are none.
    /// </summary>
    public static string Of(RunTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        return string.Join(", ", tally.FailuresByKind
            .OrderByDescending(failure => failure.Value).ThenBy(failure => failure.Key, StringComparer.Ordinal)
            .Select(failure => Of(failure.Key, failure.Value, tally.FailureMessages.GetValueOrDefault(failure.Key))));
    }

    /// <summary><c>http_500 × 10 (CUDA error: an illegal memory access)</c>.</summary>
    /// <param name="kind">The kind of error.</param>
    /// <param name="questions">How many questions have it.</param>
    /// <param name="message">Its message, if there is one.</param>
    public static string Of(string kind, int questions, string? message)
    {
        var counted = string.Create(CultureInfo.InvariantCulture, $"{ShownText.Line(kind)} × {questions}");
        var cause = Cause(message);
        return cause.Length == 0 ? counted : $"{counted} ({cause})";
    }

    /// <summary>What a message says beyond its kind, cut at 120 characters.</summary>
    public static string Cause(string? message)
    {
        var line = ShownText.Line(message).Trim();
        // Sample: HTTP 500: CUDA error; the number is in the kind.
        if (line.StartsWith("HTTP ", StringComparison.Ordinal) && line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
            line = line[(colon + 2)..];
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
