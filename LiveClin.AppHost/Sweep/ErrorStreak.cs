using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>Notices that questions fail one after the other, with no reply between them.</summary>
internal sealed class ErrorStreak
{
    /// <summary>So many of them are no accident: each was tried several times already.</summary>
    public const int Patience = 5;

    private TaskCompletionSource _reached = null!;
    private (int Answered, int Failed) _start;

    /// <param name="progress">How the run stands when it is begun or continued.</param>
    public ErrorStreak(RunProgress progress) => Reset(progress);

    /// <summary>Completes when there are so many.</summary>
    public Task Reached => _reached.Task;

    /// <summary>True when there are so many now.</summary>
    public bool IsReached => _reached.Task.IsCompleted;

    /// <summary>Takes in how far the run is.</summary>
    public void Observe(RunProgress progress)
    {
        var failed = progress.Outcomes?.Failed ?? 0;
        if (progress.QuestionsAnswered > _start.Answered) Reset(progress);
        else if (failed - _start.Failed >= Patience) _reached.TrySetResult();
    }

    /// <summary>Begins to count again.</summary>
    public void Reset(RunProgress progress)
    {
        _start = (progress.QuestionsAnswered, progress.Outcomes?.Failed ?? 0);
        if (_reached is null || _reached.Task.IsCompleted)
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
