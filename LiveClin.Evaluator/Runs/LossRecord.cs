using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>Records the question that the model's server is lost at as a failure, with its cause: the run goes on without it.</summary>
internal sealed class LossRecord(RunPlan plan, ResultStore store, AnswerKeeper keeper, ProgressCounter progress, TimeProvider time)
{
    /// <param name="guilty">The question.</param>
    /// <param name="loss">How the server was lost.</param>
    /// <param name="givingUp">A database that is gone is waited for no longer.</param>
    /// <exception cref="RunHaltedException">It cannot be stored.</exception>
    public async Task KeepAsync(CutOffQuestion guilty, ServerLoss loss, CancellationToken givingUp)
    {
        var (planned, question) = (guilty.Held.Planned, guilty.Question);
        var held = guilty.Held;
        if (store.IsShared)
        {
            // Let go of when the run was stopped; whoever has it now finds out for itself.
            var taking = store.TryClaimAsync(plan.Run.Id, planned.Epoch, planned.Case.Ordinal, givingUp);
            if (await taking.ConfigureAwait(false) is not { } claim) return;
            held = held with { Claim = claim };
        }

        var answer = AnswerJudge.Judge(FailureRules.OfServerLoss(loss.Kind, loss.Reason), question) with
        {
            Epoch = planned.Epoch,
            CaseOrdinal = planned.Case.Ordinal,
            Attempts = guilty.Attempts,
            PromptHash = guilty.Sent.Prompt.Hash,
            CompletedAt = time.GetUtcNow(),
        };
        await keeper.KeepAsync(held, question, answer, guilty.Sent, givingUp).ConfigureAwait(false);
        var isOver = !plan.Asked.Condition.HasIndependentTurns
            || planned.Case.Questions.All(other => other.Index == question.Index || held.Standing(plan, other) is not null);
        if (isOver) progress.CaseDone(correct: false, now: true);
        if (held.Claim is { } taken) await store.ReleaseAsync(taken).ConfigureAwait(false);
    }
}
