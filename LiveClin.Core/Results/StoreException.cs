namespace LiveClin.Core.Results;

/// <summary>Why a store could not be used.</summary>
public enum StoreProblem
{
    /// <summary>Anything that has no kind of its own.</summary>
    Other = 0,

    /// <summary>Another process writes to it.</summary>
    Locked = 1,

    /// <summary>The disk (or the store's page limit) is full.</summary>
    Full = 2,

    /// <summary>The file is not a LiveClin store.</summary>
    NotAStore = 3,

    /// <summary>The file was written by a newer version of this program.</summary>
    TooNew = 4,

    /// <summary>The file is damaged.</summary>
    Damaged = 5,

    /// <summary>There is no such file.</summary>
    Missing = 6,

    /// <summary>The database's server cannot be reached; that passes by itself, or when somebody starts it.</summary>
    Unreachable = 7,

    /// <summary>There is a place for a store, and nothing has been stored in it.</summary>
    Empty = 8,

    /// <summary>The database's server lets nobody in with this role, password or certificate.</summary>
    Refused = 9,
}

/// <summary>A result store could not be opened, read or written; the message says what, where and what to do.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreException(StoreProblem problem, string message, Exception? inner = null) : base(message, inner) => Problem = problem;

    /// <summary>Its kind.</summary>
    public StoreProblem Problem { get; }

    /// <summary>True when nothing need be wrong with what was asked for: the same may succeed at another time.</summary>
    public bool MayPass => Problem == StoreProblem.Unreachable;
}
