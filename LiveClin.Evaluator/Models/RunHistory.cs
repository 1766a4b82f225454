namespace LiveClin.Evaluator.Models;

/// <summary>What a run's requests came to so far, as far as it tells whose failure the next one is.</summary>
internal sealed class RunHistory
{
    /// <summary>So many equal failures that no further try would mend, one after the other, concern every question.</summary>
    public const int Patience = 10;

    private readonly Lock _lock = new();
    private string? _kind;
    private int _inARow;

    private readonly TaskCompletionSource _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first answer.</summary>
    public Task FirstAnswer => _firstAnswer.Task;

    /// <summary>True when a question was answered since the run was begun or continued.</summary>
    public bool HasAnswers { get; private set; }

    /// <summary>A question was answered.</summary>
    public void Answered()
    {
        lock (_lock) (HasAnswers, _kind, _inARow) = (true, null, 0);
        _firstAnswer.TrySetResult();
    }

    /// <summary>The failure as it is in this run: some are the whole run's when they come first, or again and again.</summary>
    public FailureScope Judge(ModelCallException failure)
    {
        lock (_lock)
        {
            if (failure.IsFatalAtFirst && !HasAnswers) return FailureScope.Run;
            if (!failure.IsPermanent) return failure.Scope;
            (_kind, _inARow) = (failure.Kind, failure.Kind == _kind ? _inARow + 1 : 1);
            if (_inARow < Patience) return failure.Scope;
            failure.IsStreak = true;
            return FailureScope.Run;
        }
    }
}
