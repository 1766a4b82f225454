using System.Data.Common;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// What this process holds of a store that others write to as well: conversations, each for itself, and its presence at runs, beside
/// others. All of it belongs to the connection that writes the answers, and ends with it: a write that depends on a claim is made on the
/// connection that holds it, or not at all.
/// </summary>
internal sealed class StoreClaims(StoreEngine engine)
{
    // 25 bits of run, 10 of epoch (0: the run as a whole), 28 of case: positive, and no two alike.
    private const int EpochBits = 10, CaseBits = 28;
    private readonly Dictionary<long, ConversationClaim> _held = [];
    private readonly Dictionary<string, (long Key, int Count)> _presences = new(StringComparer.Ordinal);
    private long _session;

    public ConversationClaim? TryTake(DbConnection connection, long run, int epoch, int caseOrdinal)
    {
        var key = KeyOf(run, epoch, caseOrdinal);
        // A connection may lock the same key again and again: within the process this table tells.
        if (_held.ContainsKey(key) || !engine.TryLock(connection, key)) return null;
        return _held[key] = new ConversationClaim(key, _session);
    }

    public void Release(DbConnection? connection, ConversationClaim claim)
    {
        if (_held.Remove(claim.Key) && connection is not null && claim.Session == _session)
            engine.Unlock(connection, claim.Key, isShared: false);
    }

    public void Enter(DbConnection connection, string runId, long run)
    {
        var (key, count) = _presences.GetValueOrDefault(runId, (PresenceOf(run), 0));
        if (count == 0) engine.LockShared(connection, key);
        _presences[runId] = (key, count + 1);
    }

    public void Leave(DbConnection? connection, string runId)
    {
        if (!_presences.Remove(runId, out var presence)) return;
        if (presence.Count > 1) _presences[runId] = presence with { Count = presence.Count - 1 };
        else if (connection is not null) engine.Unlock(connection, presence.Key, isShared: true);
    }

    public int CountOthers(DbConnection connection, long run) => engine.CountOthers(connection, KeyOf(run, 0, 0));

    /// <summary>Takes everything again on another connection; what others have taken meanwhile is lost.</summary>
    public void Renew(DbConnection connection)
    {
        _session++;
        foreach (var presence in _presences.Values) engine.LockShared(connection, presence.Key);
        foreach (var claim in _held.Values.Where(claim => engine.TryLock(connection, claim.Key))) claim.Session = _session;
    }

    /// <summary>Makes sure that the connection holds a claim.</summary>
    /// <exception cref="ClaimLostException">It does not.</exception>
    public void Require(ConversationClaim claim)
    {
        if (claim.Session != _session) throw new ClaimLostException();
    }

    /// <summary>The key of a run's presence.</summary>
    public static long PresenceOf(long run) => KeyOf(run, 0, 0);

    private static long KeyOf(long run, int epoch, int caseOrdinal) =>
        (run << (EpochBits + CaseBits)) | ((long)epoch << CaseBits) | (uint)caseOrdinal;
}
