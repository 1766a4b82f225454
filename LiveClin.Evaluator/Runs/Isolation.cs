namespace LiveClin.Evaluator.Runs;

/// <summary>Holds suspects apart from all other conversations, and from each other as far as their weight asks for it.</summary>
internal sealed class Isolation(SuspectQuestions suspects)
{
    private readonly Lock _lock = new();
    private readonly List<(int Weight, TaskCompletionSource Turn)> _waiting = [];
    private int _weight;
    private int _inside;

    /// <summary>Waits until a conversation may be held.</summary>
    public async Task EnterAsync((int Epoch, int Case) conversation, CancellationToken cancellationToken)
    {
        var weight = suspects.WeightOf(conversation);
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (TryEnter(weight)) return;
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((weight, turn));
        }

        await using var stop = cancellationToken.Register(() => GiveUp(turn, cancellationToken));
        await turn.Task.ConfigureAwait(false);
    }

    /// <summary>A conversation is no longer held; lets in whoever may come now, the lightest first.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            foreach (var next in _waiting.OrderBy(waiting => waiting.Weight).ToList())
            {
                if (!TryEnter(next.Weight)) return;
                _waiting.Remove(next);
                next.Turn.SetResult();
            }
        }
    }

    // Only one weight is inside at a time.
    private bool TryEnter(int weight)
    {
        if (_inside > 0 && (weight != _weight || _inside >= SuspectQuestions.Width(weight))) return false;
        (_weight, _inside) = (weight, _inside + 1);
        return true;
    }

    private void GiveUp(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Whoever was let in meanwhile goes on, and sees by itself that it is to stop.
            if (_waiting.RemoveAll(waiting => waiting.Turn == turn) > 0) turn.SetCanceled(cancellationToken);
        }
    }
}
