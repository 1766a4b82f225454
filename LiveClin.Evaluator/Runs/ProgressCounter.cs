using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>Counts a run's progress from many conversations at once, and tells waiters that something changed.</summary>
internal sealed class ProgressCounter(int questions, int cases, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly int[] _outcomes = new int[Enum.GetValues<Outcome>().Length];
    private readonly long _start = time.GetTimestamp();
    private TaskCompletionSource _changed = NewSignal();
    private int _answered, _casesDone, _casesCorrect, _casesNow, _questionsNow, _inFlight, _retries, _unstored;

    /// <summary>Counts an answer that the run began with (a continued run) or that it got now.</summary>
    public void Add(Answer answer, bool now) => Change(() =>
    {
        if (answer.Outcome == Outcome.NotRun) return;
        _outcomes[(int)answer.Outcome]++;
        if (answer.Reply is not null) _answered++;
        if (now) _questionsNow++;
    });

    public void CaseDone(bool correct, bool now) => Change(() =>
    {
        _casesDone++;
        if (correct) _casesCorrect++;
        if (now) _casesNow++;
    });

    /// <summary>Takes what is stored as the state of the run, others' answers included; rates stay those of this process.</summary>
    public void Adopt(RunTally tally) => Change(() =>
    {
        foreach (var outcome in Enum.GetValues<Outcome>()) _outcomes[(int)outcome] = outcome == Outcome.NotRun ? 0 : tally[outcome];
        (_answered, _casesDone, _casesCorrect) = (tally.QuestionsAnswered, tally.CasesDone, tally.CasesCorrect);
    });

    public void RequestStarted() => Interlocked.Increment(ref _inFlight);

    public void RequestEnded() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Requests that may be under way at a time; 0 while none may.</summary>
    public int RequestLimit
    {
        get;
        set
        {
            if (field == value) return;
            Change(() => field = value);
        }
    }

    /// <summary>What the run waits for or is held back by, for who watches; null for nothing.</summary>
    public string? Note
    {
        get;
        set
        {
            if (field == value) return;
            Change(() => field = value);
        }
    }

    /// <summary>True while nothing is asked for a time that rates know nothing of.</summary>
    public bool IsWaiting
    {
        get;
        set
        {
            if (field == value) return;
            Change(() => field = value);
        }
    }

    /// <summary>The store's outage, for who watches; null without one.</summary>
    public string? Outage
    {
        get;
        set
        {
            if (field == value) return;
            Change(() => field = value);
        }
    }

    public void Retried() => Change(() => _retries++);

    /// <summary>A reply has come that could not be stored.</summary>
    public void NotStored() => Change(() => _unstored++);

    /// <summary>Completes at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock) return _changed.Task;
        }
    }

    public RunProgress Snapshot()
    {
        lock (_lock)
        {
            var outcomes = ImmutableDictionary.CreateBuilder<Outcome, int>();
            for (var i = 1; i < _outcomes.Length; i++)
                if (_outcomes[i] > 0) outcomes[(Outcome)i] = _outcomes[i];
            var left = questions - _outcomes.Sum();
            if (left > 0) outcomes[Outcome.NotRun] = left;
            var minutes = time.GetElapsedTime(_start).TotalMinutes;
            var rate = _questionsNow > 0 && minutes > 0 ? _questionsNow / minutes : (double?)null;
            return new RunProgress
            {
                QuestionsTotal = questions,
                CasesTotal = cases,
                CasesDone = _casesDone,
                CasesCorrect = _casesCorrect,
                Answered = _answered,
                Outcomes = outcomes.ToImmutable(),
                InFlight = Volatile.Read(ref _inFlight),
                Retries = _retries,
                Unstored = _unstored,
                Note = Outage ?? Note,
                RequestLimit = RequestLimit,
                QuestionsPerMinute = rate,
                CasesPerMinute = _casesNow > 0 && minutes > 0 ? _casesNow / minutes : null,
                Remaining = rate is { } perMinute && !IsWaiting && Outage is null ? TimeSpan.FromMinutes(left / perMinute) : null,
            };
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            change();
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
