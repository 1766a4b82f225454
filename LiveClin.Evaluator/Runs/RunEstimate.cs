using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>What a plan would take when no request is repeated. Tokens are counted by <see cref="TokenRule"/>.</summary>
/// <param name="Requests">Requests: one for each question without a reply.</param>
/// <param name="InputTokens">Prompt tokens, histories included.</param>
/// <param name="RepeatedInputTokens">Those of them that the request before in the same conversation had sent already.</param>
/// <param name="OutputTokens">Reply tokens.</param>
internal sealed record RunEstimate(int Requests, long InputTokens, long RepeatedInputTokens, long OutputTokens)
{
    /// <summary>Length of a reply in tokens where the store has none of the model.</summary>
    public const int AssumedReplyTokens = 300;

    // Conversations of a release are much alike: of many, some tell enough.
    private const int MostCounted = 100;

    /// <summary>The estimate for a plan.</summary>
    public static RunEstimate Of(RunPlan plan, ResultStore store)
    {
        if (plan.Open.IsEmpty) return new RunEstimate(0, 0, 0, 0);
        var replyTokens = store.MeanReplyTokens(plan.Run.Specification.ApiId) ?? AssumedReplyTokens;
        var count = Math.Min(MostCounted, plan.Open.Length);
        var counted = Enumerable.Range(0, count).Select(i => plan.Open[(int)((long)i * plan.Open.Length / count)]);
        var (requests, sent, repeated) = (0, 0.0, 0.0);
        foreach (var conversation in counted)
        {
            var asked = plan.Asked[conversation.Case];
            var before = 0.0; // tokens of the messages so far
            foreach (var turn in asked.Turns)
            {
                var prompt = TokenRule.Count(turn.Prompt.Text, turn.Prompt.Images.Length);
                if (asked.IsApart) before = 0;
                if (plan.Standing(conversation, turn.Question) is null)
                {
                    requests++;
                    sent += before + prompt;
                    repeated += before;
                }

                before += prompt + (turn.ForcedReply is { } forced ? TokenRule.Count(forced, 0) : replyTokens);
            }
        }

        var scale = (double)plan.QuestionsToAsk / requests;
        return new RunEstimate(plan.QuestionsToAsk, (long)(sent * scale), (long)(repeated * scale), (long)(plan.QuestionsToAsk * replyTokens));
    }

    /// <summary>This and the other one.</summary>
    public RunEstimate Plus(RunEstimate other) => new(
        Requests + other.Requests, InputTokens + other.InputTokens, RepeatedInputTokens + other.RepeatedInputTokens, OutputTokens + other.OutputTokens);

    /// <summary><c>46 requests, about 120,000 prompt tokens (80,000 of them repeat the turns before), about 13,800 reply tokens</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Requests:N0} request{(Requests == 1 ? "" : "s")}, about {InputTokens:N0} prompt tokens "
        + $"({RepeatedInputTokens:N0} of them repeat the turns before), about {OutputTokens:N0} reply tokens");
}
