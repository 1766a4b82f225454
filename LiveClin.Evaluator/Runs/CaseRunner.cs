using System.Diagnostics;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Conversations;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// Holds one case's conversation. Every answer is on disk before the next question is sent; stored replies rebuild the exact
/// beginning of the conversation after a stop or crash.
/// </summary>
internal sealed class CaseRunner(
    RunPlan plan, Func<int, IChatClient> clientOf, ResultStore store, ImageLibrary images, ImageRecord seen,
    ProgressCounter progress, ServerWatch server, TimeProvider time, Action<Case, Answer>? onAnswer, KeyRedaction redaction)
{
    /// <summary>Asks what is left of a conversation.</summary>
    /// <param name="planned">The case and the epoch.</param>
    /// <param name="stopping">No further question is begun, and none asked again, once this is cancelled.</param>
    /// <param name="abort">Gives up waiting for replies.</param>
    /// <exception cref="RunHaltedException">The whole run has to stop.</exception>
    public async Task RunAsync(PlannedConversation planned, CancellationToken stopping, CancellationToken abort)
    {
        var @case = planned.Case;
        using var activity = RunTelemetry.StartCase(@case, plan.QuestionCount);
        var asked = plan.Asked[@case];
        var conversation = new Conversation(images);
        var correct = 0;
        foreach (var turn in asked.Turns)
        {
            var question = turn.Question;
            if (asked.IsApart) conversation = new Conversation(images);
            var standing = plan.Standing(planned, question);
            if (stopping.IsCancellationRequested && standing is null) return;
            var sent = await AddPromptAsync(conversation, planned, turn).ConfigureAwait(false);
            var answer = standing;
            string? raw = null;
            if (answer is null)
            {
                (answer, raw) = await AskAsync(planned, turn, conversation, sent.Prompt, stopping, abort).ConfigureAwait(false);
                await StoreAsync(answer, sent, SkippedAfter(planned, question, answer)).ConfigureAwait(false);
                progress.Add(answer, now: true);
                onAnswer?.Invoke(@case, answer);
                RunTelemetry.Answered(plan.Run.Specification.Model, answer);
                server.Report(answer);
            }

            if (answer.IsCorrect) correct++;
            if (answer.Reply is null && !plan.Asked.Condition.HasIndependentTurns) break;
            if ((turn.ForcedReply ?? raw ?? answer.Reply) is { } said) conversation.Reply(said);
        }

        progress.CaseDone(correct == @case.Questions.Length, now: true);
    }

    private sealed record AddedPrompt(SentPrompt Prompt, IReadOnlyList<RunImage> NewImages);

    private async Task<AddedPrompt> AddPromptAsync(Conversation conversation, PlannedConversation planned, AskedTurn turn)
    {
        var (question, prompt) = (turn.Question, turn.Prompt);
        try
        {
            var sent = await conversation.AskAsync(prompt).ConfigureAwait(false);
            var added = new AddedPrompt(sent, seen.Check(prompt, sent));
            return plan.KnownPromptHash(planned, question) is not { } known || known == sent.Hash
                ? added
                : throw new RunRefusedException($"Question {question.Index + 1} of case {planned.Case.Id} is not what run {plan.Run.Id} asked before: its text or images have changed. Begin another run with --fresh.");
        }
        catch (RunRefusedException error)
        {
            throw new RunHaltedException(error.Message, error) { IsRefusal = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunHaltedException($"Case {planned.Case.Id} (line {planned.Case.Line}): an image could be found before the run but cannot be read now: {error.Message}", error);
        }
    }

    // The answer as it is stored, and the reply as it came: letters are extracted from that, and the next question follows on it.
    private async Task<(Answer Answer, string? Raw)> AskAsync(
        PlannedConversation planned, AskedTurn turn, Conversation conversation, SentPrompt sent, CancellationToken stopping, CancellationToken abort)
    {
        var question = turn.Question;
        var attempts = new AttemptCounter { OnRetry = progress.Retried };
        var options = new TurnOptions { ConversationId = ConversationId(planned), Question = question, Attempts = attempts, Stopping = stopping };
        var clock = Stopwatch.GetTimestamp();
        progress.RequestStarted();
        try
        {
            var response = await clientOf(planned.Epoch).GetResponseAsync(conversation.Messages, options, abort).ConfigureAwait(false);
            var answer = Judge((ChatReply)response.RawRepresentation!, turn);
            return (Complete(Redacted(answer) with { LatencyMs = Stopwatch.GetElapsedTime(clock).TotalMilliseconds }), answer.Reply);
        }
        catch (ModelCallException failure)
        {
            if (failure.Scope == FailureScope.Run) throw new RunHaltedException(ServerWatch.Explain(failure, plan.Run.Specification), failure);
            return (Complete(Judge(failure, question)), null);
        }
        catch (StoreException error)
        {
            throw new RunHaltedException(error.Message, error);
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
            Endpoint = plan.Run.Specification.Endpoint,
            PromptHash = sent.Hash,
            CompletedAt = time.GetUtcNow(),
        };
    }

    private Answer Redacted(Answer answer) => answer with
    {
        Reply = answer.Reply is { } reply ? redaction.Of(reply) : null,
        Reasoning = answer.Reasoning is { } reasoning ? redaction.Of(reasoning) : null,
        ErrorMessage = answer.ErrorMessage is { } message ? redaction.Of(message) : null,
    };

    // One name per conversation, for telemetry.
    private string ConversationId(PlannedConversation planned) =>
        planned.Epoch == 1 ? $"{plan.Run.Id}/{planned.Case.Id}" : $"{plan.Run.Id}/{planned.Case.Id}/{planned.Epoch}";

    // The published rule reads what was shown; what is stored stands in the release's letters as well.
    private static Answer Judge(ChatReply reply, AskedTurn turn)
    {
        var question = turn.Question;
        var judged = OutcomeClassifier.Classify(new CallResult { Reply = reply.Text, FinishReason = reply.FinishReason }, question.Key);
        // What a filter has cut off before it came to a letter is no reply of the model.
        var isFiltered = judged.Outcome == Outcome.Filtered;
        return new Answer
        {
            CaseOrdinal = -1,
            QuestionIndex = question.Index,
            Outcome = judged.Outcome,
            Rule = judged.Extraction.Rule,
            Reply = isFiltered ? null : reply.Text,
            ErrorKind = isFiltered ? "content_filter" : null,
            ErrorMessage = isFiltered ? $"The provider's filter cut the reply off after: {ErrorText.Shorten(reply.Text)}" : null,
            Reasoning = reply.Reasoning,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage,
        }.WithLetter(judged.Extraction.Letter, turn.Letters);
    }

    private static Answer Judge(ModelCallException failure, Question question)
    {
        var isRefusal = failure.Kind == "refusal";
        var call = new CallResult { ErrorKind = isRefusal ? "empty_reply" : failure.Kind, Refused = isRefusal, FinishReason = failure.FinishReason };
        return new Answer
        {
            CaseOrdinal = -1,
            QuestionIndex = question.Index,
            Outcome = OutcomeClassifier.Classify(call, question.Key).Outcome,
            FinishReason = failure.FinishReason,
            ErrorKind = failure.Kind,
            ErrorMessage = failure.Message,
            LatencyMs = failure.Duration.TotalMilliseconds,
        };
    }

    // A question without a reply ends its case, where what would follow depends on what was never said.
    private IEnumerable<Answer> SkippedAfter(PlannedConversation planned, Question question, Answer answer) =>
        answer.Reply is not null || plan.Asked.Condition.HasIndependentTurns ? [] :
        planned.Case.Questions.Skip(question.Index + 1).Select(rest => new Answer
        {
            Epoch = planned.Epoch,
            CaseOrdinal = planned.Case.Ordinal,
            QuestionIndex = rest.Index,
            Outcome = Outcome.NotRun,
            ErrorKind = "skipped",
            ErrorMessage = $"Skipped: question {question.Index + 1} of this case got no reply ({answer.ErrorKind}).",
            CompletedAt = time.GetUtcNow(),
        });

    private async Task StoreAsync(Answer answer, AddedPrompt sent, IEnumerable<Answer> skipped)
    {
        Answer[] answers = [answer, .. skipped];
        try
        {
            await store.WriteAsync(write =>
            {
                foreach (var file in sent.Prompt.Files.Where(file => !file.IsBlank)) write.PutImage(file.Sha256, file.Path, file.MediaType, file.Bytes);
                foreach (var image in sent.NewImages) write.PutRunImage(plan.Run.Id, image);
                write.PutPrompt(sent.Prompt.Hash, sent.Prompt.Text, sent.Prompt.ImagesJson);
                foreach (var stored in answers) write.PutAnswer(plan.Run.Id, stored);
            }).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            throw new RunHaltedException(error.Message, error);
        }
    }
}
