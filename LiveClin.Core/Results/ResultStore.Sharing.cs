namespace LiveClin.Core.Results;

/// <content>Several processes at work on one run.</content>
public sealed partial class ResultStore
{
    // A look that was slow for another reason says little about the next one.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadPause = TimeSpan.FromSeconds(1);

    /// <summary>True when other processes may write at the same time: what is to be done is claimed first.</summary>
    public bool IsShared => _engine.IsShared;

    /// <summary>How long writes wait for a database that is gone.</summary>
    public TimeSpan Patience => _engine.Patience;

    /// <summary>The database's being out of reach, as far as those who write have found out; null while it is not.</summary>
    public StoreOutage? Outage => _engine.Outage.Current;

    /// <summary>Told when the database is found to be out of reach, and when it is back: on the writer's own thread, so be quick.</summary>
    public event EventHandler<StoreOutage>? OutageChanged
    {
        add => _engine.Outage.Changed += value;
        remove => _engine.Outage.Changed -= value;
    }

    /// <summary>
    /// Told how long a database was out of reach for those who read, when it is back and no <see cref="OutageChanged"/> tells of it: on the
    /// thread of whoever reads first.
    /// </summary>
    public event EventHandler<TimeSpan>? ReadersWaited
    {
        add => _engine.Missed.Over += value;
        remove => _engine.Missed.Over -= value;
    }

    /// <summary>True when the database was out of reach within the last such time, as far as this process has found out.</summary>
    public bool WasAwayWithin(TimeSpan last) => _engine.WasAwayWithin(last);

    /// <summary>
    /// How long to rest after a look at what others have stored, so that looking takes a part of the database's time at most. Waiting for a
    /// database that is gone is no work of its: who has waited looks again soon.
    /// </summary>
    /// <param name="look">How long the look took.</param>
    /// <param name="share">The part: 20 for a twentieth.</param>
    /// <param name="least">The shortest rest.</param>
    public TimeSpan RestAfter(TimeSpan look, int share, TimeSpan least)
    {
        if (look < TimeSpan.Zero || WasAwayWithin(look)) return least;
        var rest = look * share;
        return rest < least ? least : rest < LongestRest ? rest : LongestRest;
    }

    /// <summary>Takes a conversation for this process alone; null when another one has it.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="caseOrdinal">Position of the case in its release.</param>
    /// <param name="giveUp">Ends the waiting for a database that is gone.</param>
    public Task<ConversationClaim?> TryClaimAsync(string runId, int epoch, int caseOrdinal, CancellationToken giveUp) =>
        Writer.TryClaimAsync(runId, epoch, caseOrdinal, giveUp);

    /// <summary>Lets go of a conversation; does not wait for a database that is gone, which has lost the claim already.</summary>
    public Task ReleaseAsync(ConversationClaim claim) => Writer.ReleaseAsync(claim);

    /// <summary>Says to others that this process works on a run, until it leaves it, or ends.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="giveUp">Ends the waiting for a database that is gone.</param>
    public Task EnterRunAsync(string runId, CancellationToken giveUp) => Writer.EnterRunAsync(runId, giveUp);

    /// <summary>Says that this process works on a run no longer; does not wait for a database that is gone.</summary>
    public Task LeaveRunAsync(string runId) => Writer.LeaveRunAsync(runId);

    /// <summary>Number of other processes that work on a run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="giveUp">Ends the waiting for a database that is gone.</param>
    public Task<int> CountOthersAsync(string runId, CancellationToken giveUp) => Writer.CountOthersAsync(runId, giveUp);

    /// <summary>True when somebody works on a run now, as far as can be told from here.</summary>
    public bool IsWorkedOn(RunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Status == RunStatus.Running
            && SequenceOf(run) is [var sequence] && Try(() => _engine.IsWorkedOn(sequence));
    }

    /// <summary>
    /// Who works on a run now, each as <c>program@machine:process</c>; empty when nobody does, as far as can be told from here.
    /// </summary>
    public IReadOnlyList<string> FindWorkers(RunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return SequenceOf(run) is [var sequence] ? Try(() => _engine.FindWorkers(sequence)) : [];
    }

    private List<long> SequenceOf(RunInfo run) =>
        Query(new StoredRows(DamagedRow.Runs), "SELECT seq FROM runs WHERE id = $1", row => row.Long(), run.Id);

    /// <summary>A text that is another one after each write to the store by anybody; null where that cannot be told now.</summary>
    public string? FindVersion() => Try(_engine.FindVersion);

    /// <summary>Reads; a database that is gone is waited for as long as by those who write to it.</summary>
    /// <param name="read">What is read; is tried once in any case.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreException">It cannot be read, or is gone for longer.</exception>
    public async Task<T> ReadPatientlyAsync<T>(Func<T> read, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(time);
        for (var clock = time.GetTimestamp(); ; await Task.Delay(ReadPause, time, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return read();
            }
            catch (StoreException error) when (error.Problem == StoreProblem.Unreachable && time.GetElapsedTime(clock) < Patience)
            {
                // Not yet.
            }
        }
    }

    /// <summary>Which answers a run has, in the order in which they were stored; no texts are read.</summary>
    public IReadOnlyList<AnswerKey> GetAnswerKeys(string runId) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        $"SELECT epoch, case_ordinal, question, completed_at FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) ORDER BY {_engine.OrderOfStoring}",
        row => new AnswerKey(row.Position(), row.Position(), row.Position(), row.Time()), runId);

    /// <summary>True when the run has an answer whose place (epoch, case, question) cannot be read, or lies outside its release.</summary>
    public bool HasMisplacedAnswers(string runId)
    {
        var isInRelease = PlacesOf(runId);
        return Query(
            StoredRows.Of(DamagedRow.Answers, runId),
            "SELECT epoch, case_ordinal, question FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1)",
            row =>
            {
                var (_, ordinal, question) = (row.Position(), row.Position(), row.Position());
                return row.TakeDamage() is null && isInRelease(ordinal, question);
            },
            runId).Contains(false);
    }

    /// <summary>The answers of one conversation, by question.</summary>
    public IReadOnlyList<Answer> GetConversation(string runId, int epoch, int caseOrdinal) => Query(
        StoredRows.Of(DamagedRow.Answers, runId),
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = $2 AND case_ordinal = $3 ORDER BY question",
        ReadAnswerOf(runId), runId, epoch, caseOrdinal);
}
