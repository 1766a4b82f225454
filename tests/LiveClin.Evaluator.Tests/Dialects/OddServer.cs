using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Dialects;

/// <summary>What a server answers where it does not simply answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
internal sealed record OddReply(int Status, string Body)
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>What came of a run over ten cases of which a server took one question oddly.</summary>
/// <param name="Run">The run.</param>
/// <param name="Answer">The question's answer; null when it has none.</param>
/// <param name="Requests">Requests for the question; all requests where every question was taken oddly.</param>
/// <param name="Others">Answers to the other cases.</param>
/// <param name="Kept">Replies in the store.</param>
/// <param name="Events">What is told of the run.</param>
internal sealed record OddRun(RunInfo Run, Answer? Answer, int Requests, IReadOnlyList<Answer> Others, int Kept,
    IReadOnlyList<RunEvent> Events);

/// <summary>Runs ten cases of the demo against a server that knows the keys, but takes one question oddly, or every one.</summary>
internal static class OddServer
{
    public const int Retries = 2;
    private const int Cases = 10;

    /// <summary>One question is taken oddly: neither the first nor the last of its case, and its key is A.</summary>
    /// <param name="odd">The reply to a request for it, or null to answer; gets how often it was asked before.</param>
    public static async Task<OddRun> OneQuestionAsync(Func<ChatCall, int, OddReply?> odd)
    {
        var victim = Victim(await EvaluatorHarness.ReadDemoAsync()).Question.Text;
        return await RunAsync(odd, call => call.LastText.Contains(victim, StringComparison.Ordinal));
    }

    /// <summary>Every question is taken oddly.</summary>
    /// <param name="odd">The reply to a request, or null to answer; gets how many requests came before.</param>
    public static Task<OddRun> EveryQuestionAsync(Func<ChatCall, int, OddReply?> odd) => RunAsync(odd, _ => true);

    private static (Case Case, Question Question) Victim(Release release) => release.Cases.Take(Cases)
        .SelectMany(@case => @case.Questions.Skip(1).SkipLast(1).Select(question => (@case, question)))
        .First(pair => pair.question.Key == "A");

    private static async Task<OddRun> RunAsync(Func<ChatCall, int, OddReply?> odd, Predicate<ChatCall> isMeant)
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var keys = release.Cases.SelectMany(@case => @case.Questions).ToDictionary(question => question.Text, question => question.Key);
        var requests = 0;
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            var reply = isMeant(call) ? odd(call, Interlocked.Increment(ref requests) - 1) : null;
            if (reply is null)
            {
                var key = keys.First(pair => call.LastText.Contains(pair.Key, StringComparison.Ordinal)).Value;
                await FakeModelServer.ReplyAsync(context, $"\\boxed{{{key}}}");
                return;
            }

            foreach (var (name, value) in reply.Headers) context.Response.Headers[name] = value;
            await FakeModelServer.WriteAsync(context, reply.Status, reply.Body);
        });
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);
        var (run, answers) = await evaluator.RunAsync(request with
        {
            Target = RunTarget.Of(Cases),
            Retries = request.Retries with { MaxRetries = Retries },
        });
        var (victim, question) = Victim(release);
        return new OddRun(
            run,
            answers.FirstOrDefault(answer => answer.CaseOrdinal == victim.Ordinal && answer.QuestionIndex == question.Index),
            requests,
            [.. answers.Where(answer => answer.CaseOrdinal != victim.Ordinal)],
            answers.Count(answer => answer.Reply is not null),
            evaluator.Store.GetEvents(run.Id));
    }
}
