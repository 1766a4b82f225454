using System.Collections.Concurrent;
using System.Diagnostics;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Conversations;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// Holds one case's conversation. Every answer is on disk before the next question is sent; stored replies rebuild the exact
/// beginning of the conversation after a stop or crash.
/// </summary>
internal sealed class CaseRunner(
    RunPlan plan, Func<int, IChatClient> clientOf, RunPrompts prompts, AnswerKeeper keeper, ProgressCounter progress, SpendingLimit? limit,
    TimeProvider time, KeyRedaction redaction)
{
    private readonly ConcurrentQueue<CutOffQuestion> _cutOff = new();

    /// <summary>The questions that were sent and got no reply before the run was stopped.</summary>
    public IReadOnlyCollection<CutOffQuestion> CutOff => _cutOff;

    /// <summary>Asks what is left of a conversation.</summary>
    /// <param name="held">The case and the epoch, and what is stored of them.</param>
    /// <param name="stopping">No further question is begun, and none asked again, once this is cancelled.</param>
    /// <param name="abort">Gives up waiting for replies.</param>
    /// <returns>False when it was stopped before its end.</returns>
    /// <exception cref="RunHaltedException">The whole run has to stop.</exception>
    /// <exception cref="ClaimLostException">Another evaluator has the conversation now.</exception>
    public async Task<bool> RunAsync(HeldConversation held, CancellationToken stopping, CancellationToken abort)
    {
        var @case = held.Planned.Case;
        using var activity = RunTelemetry.StartCase(@case, plan.QuestionCount);
        var asked = plan.Asked[@case];
        var conversation = prompts.Begin();
        var correct = 0;
        foreach (var turn in asked.Turns)
        {
            var question = turn.Question;
            if (asked.IsApart) conversation = prompts.Begin();
            var standing = held.Standing(plan, question);
            if (stopping.IsCancellationRequested && standing is null) return false;
            var sent = await prompts.AddAsync(conversation, held, turn).ConfigureAwait(false);
            var answer = standing;
            string? raw = null;
            if (answer is null)
            {
                (answer, raw) = await AskWithinLimitAsync(held, turn, conversation, sent, stopping, abort).ConfigureAwait(false);
            }

            if (answer.IsCorrect) correct++;
            if (answer.Reply is null && !plan.Asked.Condition.HasIndependentTurns) break;
            if ((turn.ForcedReply ?? raw ?? answer.Reply) is { } said) conversation.Reply(said);
        }

        progress.CaseDone(correct == @case.Questions.Length, now: true);
        return true;
    }

    private async Task<(Answer Answer, string? Raw)> AskWithinLimitAsync(
        HeldConversation held, AskedTurn turn, Conversation conversation, AddedPrompt sent, CancellationToken stopping,
        CancellationToken abort)
    {
        if (limit is not null) await limit.EnterAsync(stopping).ConfigureAwait(false);
        Answer? kept = null;
        try
        {
            var (answer, raw) = await AskAsync(held, turn, conversation, sent, stopping, abort).ConfigureAwait(false);
            await keeper.KeepAsync(held, turn.Question, answer, sent, abort).ConfigureAwait(false);
            kept = answer;
            return (answer, raw);
        }
        finally
        {
            // Not before the answer counts as spent.
            limit?.Leave(kept);
        }
    }

    // The answer as it is stored, and the reply as it came: letters are extracted from that, and the next question follows on it.
    private async Task<(Answer Answer, string? Raw)> AskAsync(
        HeldConversation held, AskedTurn turn, Conversation conversation, AddedPrompt sent, CancellationToken stopping,
        CancellationToken abort)
    {
        var (planned, question) = (held.Planned, turn.Question);
        var attempts = new AttemptCounter { OnRetry = progress.Retried };
        var options = new TurnOptions
        {
            ConversationId = ConversationId(planned),
            Question = question,
            Attempts = attempts,
            Stopping = stopping,
        };
        var clock = Stopwatch.GetTimestamp();
        progress.RequestStarted();
        try
        {
            var response = await clientOf(planned.Epoch).GetResponseAsync(conversation.Messages, options, abort).ConfigureAwait(false);
            var answer = AnswerJudge.Judge((ChatReply)response.RawRepresentation!, turn);
            return (Complete(AnswerJudge.Redacted(answer,
                redaction) with { LatencyMs = Stopwatch.GetElapsedTime(clock).TotalMilliseconds }), answer.Reply);
        }
        catch (ModelCallException failure)
        {
            if (failure.Scope == FailureScope.Run)
                throw new RunHaltedException(ServerWatch.Explain(failure, plan.Run.Specification), failure);
            return (Complete(AnswerJudge.Judge(failure, question)), null);
        }
        catch (StoreException error)
        {
            throw new RunHaltedException(error.Message, error);
        }
        catch (OperationCanceledException) when (attempts.Count > 0)
        {
            _cutOff.Enqueue(new CutOffQuestion(held, question, sent, attempts.Count));
            throw;
        }
        finally
        {
            progress.RequestEnded();
        }

        Answer Complete(Answer answer) => answer with
        {
            Epoch = planned.Epoch,
            CaseOrdinal = planned.Case.Ordinal,
            Attempts = attempts.Count,
            PromptHash = sent.Prompt.Hash,
            CompletedAt = time.GetUtcNow(),
        };
    }

    // One name per conversation, for telemetry.
    private string ConversationId(PlannedConversation planned) =>
        planned.Epoch == 1 ? $"{plan.Run.Id}/{planned.Case.Id}" : $"{plan.Run.Id}/{planned.Case.Id}/{planned.Epoch}";
}
