using System.Collections.Immutable;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>What came of a batch's lines.</summary>
internal sealed class BatchTally
{
    public int Replies { get; set; }

    public int Failures { get; set; }

    /// <summary>Questions that are asked again.</summary>
    public int Again { get; set; }

    /// <summary>Questions of the run that are not wanted now.</summary>
    public int Elsewhere { get; set; }

    /// <summary>Replies without a word.</summary>
    public int Empty { get; set; }

    /// <summary>What is said of one of them; null without one.</summary>
    public string? EmptyWords { get; set; }

    /// <summary>What concerns every question, in words; null when nothing does.</summary>
    public string? Fatal { get; set; }

    public override string ToString() => $"{Replies} replies, {Failures} failures, {Again} to ask again";
}

/// <summary>Makes answers of a batch's lines, by the rules that hold for any request, and keeps them.</summary>
internal sealed class BatchCollector(
    OpenQuestions questions, AnswerKeeper keeper, RunConduct conduct, ProgressCounter progress, SpendingLimit? limit,
    KeyRedaction redaction, RunSpecification specification, int maxRetries, TimeProvider time)
{
    /// <summary>No line came for a question, or one that is too long.</summary>
    public const string NoResult = "no_result";

    private readonly HashSet<string> _reserved = new(StringComparer.Ordinal);

    /// <summary>Questions whose expected costs are reserved; each gives them back with its line.</summary>
    public void Reserve(IEnumerable<BatchQuestion> sent) => _reserved.UnionWith(sent.Select(question => question.Id));

    /// <summary>Takes a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="refused">What the API had refused when the batch was sent.</param>
    /// <param name="latency">How long the batch took.</param>
    /// <param name="tally">Counts what comes of it.</param>
    /// <returns>The question's name; null when it is no line of this run.</returns>
    public async Task<string?> TakeAsync(ReadOnlyMemory<byte> line, ImmutableList<string> refused, TimeSpan? latency, BatchTally tally)
    {
        if (BatchResult.Read(line) is not { } result) return null;
        if (questions.Find(result.Id) is not { } question)
        {
            if (OpenQuestions.IsName(result.Id)) tally.Elsewhere++;
            return null;
        }

        // Stored before the program was stopped.
        if (questions.AnswerOf(question) is not null) return result.Id;
        try
        {
            var reply = result.Reply ?? throw result.Failure!;
            if (!reply.IsSuccess) throw FailureRules.OfHttp(reply);
            var chat = ChatReply.Parse(reply.Body);
            conduct.History.Answered();
            await KeepAsync(question, AnswerJudge.Judge(chat, question.Turn), latency).ConfigureAwait(false);
            tally.Replies++;
        }
        catch (ModelCallException failure)
        {
            // A field that the server refuses is the run's to learn, and no failure.
            var isLearnt = result.Reply is { } refusal
                && await conduct.Adaptations.LearnAsync(refusal, failure, refused, specification.ParametersJson).ConfigureAwait(false);
            if (isLearnt) AskAgain(question, tally);
            else await FailAsync(question, failure, latency, tally).ConfigureAwait(false);
        }

        return result.Id;
    }

    /// <summary>A question that was sent has no line.</summary>
    public Task MissAsync(BatchQuestion question, BatchTally tally) => FailAsync(question, new ModelCallException(
        NoResult, FailureScope.Transient, "The batch has ended without a result for this question."), null, tally);

    /// <summary>A question that was sent is asked again, and this counts as no try.</summary>
    public void AskAgain(BatchQuestion question, BatchTally tally)
    {
        tally.Again++;
        Release(question, null);
    }

    private async Task FailAsync(BatchQuestion question, ModelCallException failure, TimeSpan? latency, BatchTally tally)
    {
        var scope = conduct.History.Judge(failure);
        if (scope == FailureScope.Run) tally.Fatal ??= redaction.Of(ServerWatch.Explain(failure, specification));
        if (failure.Kind == "empty_reply" && scope == FailureScope.Transient)
            (tally.Empty, tally.EmptyWords) = (tally.Empty + 1, redaction.Of(failure.Message));
        if (scope == FailureScope.Run || (scope == FailureScope.Transient && questions.CountTry(question) <= maxRetries))
        {
            progress.Retried();
            AskAgain(question, tally);
            return;
        }

        tally.Failures++;
        await KeepAsync(question, AnswerJudge.Judge(failure, question.Turn.Question), latency).ConfigureAwait(false);
    }

    private async Task KeepAsync(BatchQuestion question, Answer judged, TimeSpan? latency)
    {
        var sent = await questions.PromptOfAsync(question).ConfigureAwait(false);
        var answer = AnswerJudge.Redacted(judged, redaction) with
        {
            Epoch = question.Planned.Epoch,
            CaseOrdinal = question.Planned.Case.Ordinal,
            Attempts = judged.Reply is null ? Math.Max(1, questions.TriesOf(question)) : questions.TriesOf(question) + 1,
            PromptHash = sent.Prompt.Hash,
            LatencyMs = latency?.TotalMilliseconds ?? 0,
            CompletedAt = time.GetUtcNow(),
        };
        await keeper.KeepAsync(new HeldConversation(question.Planned), question.Turn.Question, answer, sent).ConfigureAwait(false);
        Release(question, answer);
        if (questions.Answered(question, answer, judged.Reply)) progress.CaseDone(questions.IsCorrect(question.Planned), now: true);
    }

    private void Release(BatchQuestion question, Answer? answer)
    {
        if (_reserved.Remove(question.Id)) limit?.Leave(answer);
    }
}
