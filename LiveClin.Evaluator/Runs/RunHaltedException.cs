namespace LiveClin.Evaluator.Runs;

/// <summary>
/// Something concerns the whole run: no further question is asked. What was answered is stored; the run can be continued.
/// </summary>
internal sealed class RunHaltedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when replies under way can still be kept.</summary>
    public bool CanStore => InnerException is not Core.Results.StoreException;

    /// <summary>True when nothing is wrong: a limit that was set is reached.</summary>
    public bool IsLimit { get; init; }

    /// <summary>True when the data are at fault: the run must not go on with them.</summary>
    public bool IsRefusal { get; init; }
}
