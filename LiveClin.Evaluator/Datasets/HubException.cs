namespace LiveClin.Evaluator.Datasets;

/// <summary>A download that cannot go on; the message says why and what to do.</summary>
/// <param name="message">The message.</param>
/// <param name="isSetup">True when nothing was begun: a wrong name, address or token.</param>
internal class HubException(string message, bool isSetup = false) : Exception(message)
{
    public bool IsSetup => isSetup;
}

/// <summary>The hub does not have what was asked for.</summary>
internal sealed class HubNotFoundException(string message) : HubException(message, isSetup: true);

/// <summary>A failure that another try may mend: a cut connection, 429, 5xx, silence.</summary>
/// <param name="message">The message.</param>
/// <param name="retryAfter">How long the hub asks to wait.</param>
internal sealed class HubTransientException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>True when bytes arrived before the failure: then the count of failures begins anew.</summary>
    public bool Progressed { get; init; }
}
