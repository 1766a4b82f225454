namespace LiveClin.Hosting.Local.Otlp.Reading;

/// <summary>What of a request could not be taken; reported to the sender as a partial success.</summary>
internal sealed class Rejection
{
    public const string TooManyResources = "More senders (service.name and service.instance.id) than this dashboard keeps apart.";

    public int Count { get; private set; }

    /// <summary>Why the first one was refused.</summary>
    public string Message { get; private set; } = "";

    public void Add(int count, string message)
    {
        if (Count == 0 && count > 0) Message = message;
        Count += count;
    }
}
