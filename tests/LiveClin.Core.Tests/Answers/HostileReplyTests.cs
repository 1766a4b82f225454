using LiveClin.Core.Answers;

namespace LiveClin.Core.Tests.Answers;

/// <summary>
/// Replies of 5 million characters on which a backtracking or re-scanning rule takes hours: a rule that is not linear runs into the
/// limit.
/// </summary>
public sealed class HostileReplyTests
{
    private const int Length = 5_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string, string> Repeats => new()
    {
        { "", @"\boxed{", "" },
        { "", @"\boxed{ A", "" },
        { @"\boxed{", " ", "A" },
        { @"\boxed{A", "\u2003", "" },
        { "", "answer", "" },
        { "", "answer ", "" },
        { "answer", " ", "" },
        { "answer", "is", "x" },
        { "option", "i: ", "_" },
        { "choice", "-", "\u0301" },
        { "", "selected option s", "" },
        { "", "\n", "" },
        { "", " \n", "" },
        { "A", " ", "x" },
        { "A", ".", "x" },
        { "", "A_", "" },
        { "", "\ud835", "" },
        { "", "\U0001d400A", "" },
        { "", "<think>", "" },
        { "", "<think></think>", "" },
        { "x", "<thinking>", "" },
        { "", "</think><", "" },
        { @"\boxed", "{", "" },
        { @"\boxed", "{$ ", "A" },
        { @"\boxed{", @"\text{", "A" },
        { @"\boxed{A", "}", "" },
    };

    [Theory]
    [MemberData(nameof(Repeats))]
    public async Task Take_linear_time(string begin, string repeated, string end)
    {
        var reply = begin + string.Concat(Enumerable.Repeat(repeated, Length / repeated.Length)) + end;
        var work = Task.Run(() =>
        {
            AnswerExtractor.Extract(reply, ExtractionProtocol.Core);
            AnswerExtractor.Extract(reply, ExtractionProtocol.V1);
            StrictExtractor.Extract(reply, "ABCDEFGHIJ");
        }, TestContext.Current.CancellationToken);
        await work.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }
}
