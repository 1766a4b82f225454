using System.Diagnostics;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
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
internal sealed class CaseRunner(RunPlan plan, IChatClient client, ResultStore store, ImageLibrary images, Func<string, ImageFile?> findImage, ProgressCounter progress, ServerWatch server, TimeProvider time, Action<Case, Answer>? onAnswer)
{
    /// <summary>Asks what is left of a case.</summary>
    /// <param name="one">The case.</param>
    /// <param name="stopping">No further question is begun, and none asked again, once this is cancelled.</param>
    /// <param name="abort">Gives up waiting for replies.</param>
    /// <exception cref="RunHaltedException">The whole run has to stop.</exception>
    public async Task RunAsync(Case one, CancellationToken stopping, CancellationToken abort)
    {
        var first = FirstOpenQuestion(one);
        if (first == one.Questions.Length)
        {
            progress.CaseDone(one.Questions.All(question => plan.Standing(one, question)!.IsCorrect), now: false);
            return;
        }

        using var activity = RunTelemetry.StartCase(one, plan.QuestionCount);
        var prompts = PromptBuilder.Build(one, plan.ImageMode, findImage);
        var conversation = new Conversation(images);
        var correct = 0;
        foreach (var question in one.Questions)
        {
            var standing = plan.Standing(one, question);
            if (stopping.IsCancellationRequested && standing is null) return;
            var sent = await AddPromptAsync(conversation, one, prompts[question.Index]).ConfigureAwait(false);
            var answer = standing;
            if (answer is null)
            {
                answer = await AskAsync(one, question, conversation, sent, stopping, abort).ConfigureAwait(false);
                await StoreAsync(answer, sent).ConfigureAwait(false);
                progress.Add(answer.Outcome, now: true);
                onAnswer?.Invoke(one, answer);
                RunTelemetry.Answered(plan.Run.Specification.Model, answer);
                server.Report(answer);
            }

            if (answer.IsCorrect) correct++;
            if (answer.Reply is null)
            {
                await SkipRestAsync(one, question, answer).ConfigureAwait(false);
                break;
            }

            conversation.Reply(answer.Reply);
        }

        progress.CaseDone(correct == one.Questions.Length, now: true);
    }

    private int FirstOpenQuestion(Case one)
    {
        foreach (var question in one.Questions)
        {
            if (plan.Standing(one, question) is not { } standing) return question.Index;
            if (standing.Reply is null) return question.Index; // its rest is skipped anew, which changes nothing
        }

        return one.Questions.Length;
    }

    private async Task<SentPrompt> AddPromptAsync(Conversation conversation, Case one, TurnPrompt prompt)
    {
        try
        {
            return await conversation.AskAsync(prompt).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunHaltedException($"Case {one.Id} (line {one.Line}): an image could be found before the run but cannot be read now: {error.Message}", error);
        }
    }

    private async Task<Answer> AskAsync(Case one, Question question, Conversation conversation, SentPrompt sent, CancellationToken stopping, CancellationToken abort)
    {
        var attempts = new AttemptCounter { OnRetry = progress.Retried };
        var options = new TurnOptions { ConversationId = $"{plan.Run.Id}/{one.Id}", Question = question, Attempts = attempts, Stopping = stopping };
        var clock = Stopwatch.GetTimestamp();
        progress.RequestStarted();
        try
        {
            var response = await client.GetResponseAsync(conversation.Messages, options, abort).ConfigureAwait(false);
            var reply = (ChatReply)response.RawRepresentation!;
            var judged = OutcomeClassifier.Classify(new CallResult { Reply = reply.Text, FinishReason = reply.FinishReason }, question.Key);
            return NewAnswer(judged.Outcome) with
            {
                Letter = judged.Extraction.Letter,
                Rule = judged.Extraction.Rule,
                Reply = reply.Text,
                Reasoning = reply.Reasoning,
                FinishReason = reply.FinishReason,
                Usage = reply.Usage,
                LatencyMs = Stopwatch.GetElapsedTime(clock).TotalMilliseconds,
            };
        }
        catch (ModelCallException failure)
        {
            if (failure.Scope == FailureScope.Run) throw new RunHaltedException(ServerWatch.Explain(failure, plan.Run.Specification), failure);
            var refused = failure.Kind == "refusal";
            var call = new CallResult { ErrorKind = refused ? "empty_reply" : failure.Kind, Refused = refused, FinishReason = failure.FinishReason };
            return NewAnswer(OutcomeClassifier.Classify(call, question.Key).Outcome) with
            {
                FinishReason = failure.FinishReason,
                ErrorKind = failure.Kind,
                ErrorMessage = failure.Message,
                LatencyMs = failure.Duration.TotalMilliseconds,
            };
        }
        finally
        {
            progress.RequestEnded();
        }

        Answer NewAnswer(Outcome outcome) => new()
        {
            CaseOrdinal = one.Ordinal,
            QuestionIndex = question.Index,
            Outcome = outcome,
            Attempts = attempts.Count,
            PromptHash = sent.Hash,
            CompletedAt = time.GetUtcNow(),
        };
    }

    private async Task StoreAsync(Answer answer, SentPrompt sent)
    {
        try
        {
            await store.WriteAsync(write =>
            {
                foreach (var file in sent.Files) write.PutImage(file.Sha256, file.Path, file.MediaType, file.Bytes);
                write.PutPrompt(sent.Hash, sent.Text, sent.ImagesJson);
                write.PutAnswer(plan.Run.Id, answer);
            }).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            throw new RunHaltedException(error.Message, error);
        }
    }

    private async Task SkipRestAsync(Case one, Question failed, Answer failure)
    {
        var rest = one.Questions.Skip(failed.Index + 1).Select(question => new Answer
        {
            CaseOrdinal = one.Ordinal,
            QuestionIndex = question.Index,
            Outcome = Outcome.NotRun,
            ErrorKind = "skipped",
            ErrorMessage = $"Skipped: question {failed.Index + 1} of this case got no reply ({failure.ErrorKind}).",
            CompletedAt = time.GetUtcNow(),
        }).ToList();
        if (rest.Count == 0) return;
        try
        {
            await store.WriteAsync(write =>
            {
                foreach (var answer in rest) write.PutAnswer(plan.Run.Id, answer);
            }).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            throw new RunHaltedException(error.Message, error);
        }
    }
}
