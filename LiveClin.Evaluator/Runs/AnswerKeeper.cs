using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>Keeps a run's answers: on disk first, then told to whoever watches.</summary>
internal sealed class AnswerKeeper(
    RunPlan plan, ResultStore store, ProgressCounter progress, ServerWatch server, ModelSpending spending, TimeProvider time,
    Action<Case, Answer>? onAnswer)
{
    /// <summary>Returns when the answer is on disk.</summary>
    /// <param name="held">The conversation.</param>
    /// <param name="question">The question.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="abort">Does not wait any longer for a database that is gone.</param>
    /// <exception cref="ClaimLostException">Another evaluator has the conversation now: nothing was stored.</exception>
    /// <exception cref="RunHaltedException">It cannot be stored, or the model's server is gone.</exception>
    public async Task KeepAsync(HeldConversation held, Question question, Answer answer, AddedPrompt sent,
        CancellationToken abort = default)
    {
        var planned = held.Planned;
        answer = answer with { Endpoint = plan.Run.Specification.Endpoint };
        Answer[] answers = [answer, .. SkippedAfter(planned, question, answer)];
        try
        {
            await (held.Claim is { } claim ? store.WriteClaimedAsync(Write, claim, abort) : store.WriteAsync(Write)).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            if (answer.Reply is not null) progress.NotStored();
            throw new RunHaltedException(error.Message, error);
        }
        catch (OperationCanceledException) when (answer.Reply is not null)
        {
            progress.NotStored();
            throw;
        }

        spending.Add(answer);
        progress.Add(answer, now: true);
        onAnswer?.Invoke(planned.Case, answer);
        RunTelemetry.Answered(plan.Run.Specification.Model, answer);
        server.Report(answer);

        void Write(StoreTransaction write)
        {
            foreach (var file in sent.Prompt.Files.Where(file => !file.IsBlank))
                write.PutImage(file.Sha256, file.Path, file.MediaType, file.Bytes);
            foreach (var image in sent.NewImages) write.PutRunImage(plan.Run.Id, image);
            write.PutPrompt(sent.Prompt.Hash, sent.Prompt.Text, sent.Prompt.ImagesJson);
            foreach (var stored in answers) write.PutAnswer(plan.Run.Id, stored);
        }
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
}
