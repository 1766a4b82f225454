using System.Text.RegularExpressions;
using LiveClin.Core.Results;

namespace LiveClin.Core.Failures;

/// <summary>Why questions of a run have no reply: like failures together, most frequent first.</summary>
/// <param name="Groups">The failures.</param>
/// <param name="Skipped">Questions that were not asked because an earlier one of their case failed.</param>
public sealed partial record FailureSummary(IReadOnlyList<FailureGroup> Groups, int Skipped)
{
    /// <summary>Examples of a group.</summary>
    public const int MostExamples = 3;

    private const string SkippedKind = "skipped";

    /// <summary>Questions that failed themselves.</summary>
    public int Failed => Groups.Sum(group => group.Count);

    /// <summary>The failures of a stored run.</summary>
    public static FailureSummary Of(IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return Of(answers.Where(answer => answer is { Reply: null, ErrorKind: not null }).Select(answer =>
            new FailedQuestion(answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex, answer.ErrorKind!, answer.ErrorMessage ?? "")));
    }

    /// <summary>Lays failures of one kind together whose messages differ in numbers and identifiers only.</summary>
    public static FailureSummary Of(IEnumerable<FailedQuestion> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var all = questions.ToList();
        var groups = all.Where(failed => failed.Kind != SkippedKind)
            .GroupBy(failed => (failed.Kind, Shape: Varying().Replace(failed.Message, "#")))
            .Select(alike => new FailureGroup(alike.Key.Kind, alike.First().Message, alike.Count(), [.. alike.Take(MostExamples)],
                FailureAdvice.For(alike.Key.Kind)))
            .OrderByDescending(group => group.Count).ThenBy(group => group.Kind, StringComparer.Ordinal)
                .ThenBy(group => group.Message, StringComparer.Ordinal);
        return new FailureSummary([.. groups], all.Count(failed => failed.Kind == SkippedKind));
    }

    // Sample: "HTTP 500: request chatcmpl-9f8e7d6c of 1234 tokens": a word with a digit in it, or a number.
    [GeneratedRegex(@"[\w.-]*\d[\w.-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
