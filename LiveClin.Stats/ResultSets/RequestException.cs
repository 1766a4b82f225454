namespace LiveClin.Stats.ResultSets;

/// <summary>A request that cannot be met; the message says why.</summary>
internal sealed class RequestException : Exception
{
    private RequestException(string field, string message, bool isMissing) : base(message) => (Field, IsMissing) = (field, isMissing);

    /// <summary>Path of the field that is wrong, for example <c>selection.release</c>.</summary>
    public string Field { get; }

    /// <summary>True when what it names does not exist; false when its value makes no sense.</summary>
    public bool IsMissing { get; }

    /// <summary>What a field names does not exist.</summary>
    public static RequestException Missing(string field, string message) => new(field, message, true);

    /// <summary>A field's value makes no sense.</summary>
    public static RequestException Invalid(string field, string message) => new(field, message, false);
}
