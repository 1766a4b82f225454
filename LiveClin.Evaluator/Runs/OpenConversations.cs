using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// What of a plan is still to be held. Where other evaluators work on the same run, each conversation is claimed before it is held, and
/// what others have claimed is looked at again until it is over or free.
/// </summary>
/// <param name="plan">The run.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="suspects">What was under way when the server was lost: all others come first.</param>
internal sealed class OpenConversations(RunPlan plan, ResultStore store, TimeProvider time, SuspectQuestions suspects) : IDisposable
{
    // While others hold all that is left: each look asks the database for every claim, and takes a fifth of the time at most.
    private const int Share = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(2);
    private readonly Queue<PlannedConversation> _left = new(plan.Open.OrderBy(conversation => suspects.Losses(conversation.Key)));
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _held;

    /// <summary>True when every conversation is over, here or elsewhere.</summary>
    public bool AreOver => _left.Count == 0 && Volatile.Read(ref _held) == 0;

    /// <summary>The next conversation that is free; waits for those that others hold. Null when all are over, or held here.</summary>
    public async Task<HeldConversation?> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var pause = FirstPause; _left.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var clock = time.GetTimestamp();
                if (await TakeFreeAsync(cancellationToken).ConfigureAwait(false) is { } held) return held;
                if (_left.Count == 0) break;
                await Task.Delay(store.RestAfter(time.GetElapsedTime(clock), Share, pause), time, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lets go of a conversation.</summary>
    /// <param name="held">What was taken.</param>
    /// <param name="isOver">False when something is left to be asked: somebody, or this evaluator, will take it again.</param>
    /// <param name="abort">Nobody waits for the end of that any longer.</param>
    public async Task ReturnAsync(HeldConversation held, bool isOver, CancellationToken abort)
    {
        if (held.Claim is { } claim)
            await store.ReleaseAsync(claim).WaitAsync(abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _turn.WaitAsync().ConfigureAwait(false);
        if (!isOver) _left.Enqueue(held.Planned);
        Interlocked.Decrement(ref _held);
        _turn.Release();
    }

    public void Dispose() => _turn.Dispose();

    // One round over all that is left.
    private async Task<HeldConversation?> TakeFreeAsync(CancellationToken cancellationToken)
    {
        for (var round = _left.Count; round > 0; round--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = _left.Dequeue();
            if (!store.IsShared) return Hold(new HeldConversation(next));
            if (await store.TryClaimAsync(plan.Run.Id, next.Epoch, next.Case.Ordinal, cancellationToken)
                .ConfigureAwait(false) is not { } claim)
            {
                _left.Enqueue(next);
                continue;
            }

            if (await LookAsync(next, claim, cancellationToken).ConfigureAwait(false) is { } held) return Hold(held);
        }

        return null;
    }

    // Whoever held it before has stored all that it got before it let go. Null, and free again, when that was all.
    private async Task<HeldConversation?> LookAsync(PlannedConversation next, ConversationClaim claim, CancellationToken cancellationToken)
    {
        HeldConversation? held = null;
        try
        {
            var stored = await ReadAsync(next, cancellationToken).ConfigureAwait(false);
            return held = plan.IsOver(next, stored) ? null : new HeldConversation(next, claim, stored);
        }
        finally
        {
            if (held is null)
                await store.ReleaseAsync(claim).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Dictionary<int, Answer>> ReadAsync(PlannedConversation next, CancellationToken cancellationToken)
    {
        // It keeps its thread while the server restarts: who is told to stop does not wait for that.
        var reading = Task.Run(() => store.ReadPatientlyAsync(Read, time, cancellationToken), cancellationToken);
        var answers = await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        return answers.ToDictionary(answer => answer.QuestionIndex);

        IReadOnlyList<Answer> Read() => store.GetConversation(plan.Run.Id, next.Epoch, next.Case.Ordinal);
    }

    private HeldConversation Hold(HeldConversation held)
    {
        Interlocked.Increment(ref _held);
        return held;
    }
}
