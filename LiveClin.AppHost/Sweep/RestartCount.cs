namespace LiveClin.AppHost.Sweep;

/// <summary>
/// Counts the restarts of a model's server against <c>Restarts</c>. Those that a single question causes do not count: the search for it
/// is free, and once it is found, the death that it began with is forgiven. A server that dies on and on without an answer in between is
/// itself at fault.
/// </summary>
internal sealed class RestartCount
{
    /// <summary>So many deaths in a row without an answer between them are no question's fault.</summary>
    public const int Patience = 5;

    private int _answered = -1;
    private int _fruitless;
    private bool _isUnexplained;

    /// <summary>Restarts that count.</summary>
    public int Counted { get; private set; }

    /// <summary>True when a restart after this death counts.</summary>
    /// <param name="ending">How the run was stopped.</param>
    /// <param name="answered">Questions that the run has answered.</param>
    public bool IsCounted(RunEnding ending, int answered)
    {
        _fruitless = answered == _answered ? _fruitless + 1 : 0;
        _answered = answered;
        if (ending.IsCauseFound && _isUnexplained) (Counted, _isUnexplained) = (Counted - 1, false);
        return _fruitless >= Patience || !(ending.IsAtSuspects || ending.IsCauseFound);
    }

    /// <summary>A restart that counts.</summary>
    public void Count() => (Counted, _isUnexplained) = (Counted + 1, true);
}
