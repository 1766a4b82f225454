using LiveClin.Core.Answers;
using LiveClin.Core.Failures;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Failures;

public sealed class FailureSummaryTests
{
    [Fact]
    public void Like_failures_stand_together_most_frequent_first_and_skipped_questions_are_none()
    {
        var summary = FailureSummary.Of(
        [
            Failed(0, 0, "timeout", "No reply within 60 s."), Failed(0, 1, "skipped", "Skipped."),
            Failed(1, 0, "http_500", "HTTP 500: request chatcmpl-9f8e of 1234 tokens"),
                Failed(1, 1, "http_500", "HTTP 500: request chatcmpl-77aa of 9 tokens"),
            Failed(2, 0, "http_500", "HTTP 500: out of memory"),
        ]);
        Assert.Equal([("http_500", 2), ("http_500", 1), ("timeout", 1)], summary.Groups.Select(group => (group.Kind, group.Count)));
        Assert.Equal("HTTP 500: request chatcmpl-9f8e of 1234 tokens", summary.Groups[0].Message);
        Assert.Equal((4, 1), (summary.Failed, summary.Skipped));
        Assert.Contains("--timeout", summary.Groups[2].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Replies_are_no_failures_and_examples_are_few()
    {
        Assert.Empty(FailureSummary.Of([SampleRuns.Answer(0, 0, Outcome.Wrong), SampleRuns.Answer(0, 1, Outcome.Unparsed)]).Groups);
        var many = FailureSummary.Of(Enumerable.Range(0, 50).Select(ordinal => Failed(ordinal, 0, "connection", "refused")));
        Assert.Equal(FailureSummary.MostExamples, Assert.Single(many.Groups).Examples.Count);
    }

    [Theory]
    [InlineData("content_filter", "--retry-filtered")]
    [InlineData("http_429", "--concurrency")]
    [InlineData("http_503", "its log")]
    [InlineData("something new", "asks these questions again")]
    public void Every_kind_says_what_to_do(string kind, string expected) =>
        Assert.Contains(expected, FailureSummary.Of([Failed(0, 0, kind, "")]).Groups[0].Advice, StringComparison.Ordinal);

    private static FailedQuestion Failed(int ordinal, int question, string kind, string message) =>
        new(1, ordinal, question, kind, message);
}
