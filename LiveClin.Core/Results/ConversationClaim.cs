namespace LiveClin.Core.Results;

/// <summary>
/// A conversation (a case in an epoch of a run) that this process alone holds, as long as its connection to the store lives.
/// </summary>
public sealed class ConversationClaim
{
    internal ConversationClaim(long key, long session) => (Key, Session) = (key, session);

    /// <summary>The number that is locked.</summary>
    internal long Key { get; }

    /// <summary>The connection that holds it, by its number in this process.</summary>
    internal long Session { get; set; }
}

/// <summary>
/// A claim was lost with the connection that held it, and another process has taken the conversation: nothing was stored.
/// </summary>
public sealed class ClaimLostException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ClaimLostException()
        : base("Another evaluator goes on with this conversation: the connection to the store was lost, and the claim with it.")
    {
    }
}
