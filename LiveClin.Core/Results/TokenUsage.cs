using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>Token counts of one request; null where the server did not say, or said what cannot be.</summary>
/// <param name="Input">Prompt tokens, cached ones included.</param>
/// <param name="CachedInput">Prompt tokens served from a prefix cache.</param>
/// <param name="Output">Completion tokens, reasoning included.</param>
/// <param name="Reasoning">Completion tokens spent on reasoning.</param>
public sealed record TokenUsage(long? Input, long? CachedInput, long? Output, long? Reasoning)
{
    /// <summary>
    /// Most tokens of a request that are believed, 2^31 - 1: a thousand times what any model reads, as many as the statistics count in, and
    /// so few that the sum over any store fits into 64 bits. What is beyond it, or below zero, is no count.
    /// </summary>
    public const int Most = int.MaxValue;

    /// <summary>The server said nothing.</summary>
    public static TokenUsage Unknown { get; } = new(null, null, null, null);

    /// <summary>Prompt tokens, cached ones included.</summary>
    public long? Input { get; init => field = Believed(value); } = Believed(Input);

    /// <summary>Prompt tokens served from a prefix cache.</summary>
    public long? CachedInput { get; init => field = Believed(value); } = Believed(CachedInput);

    /// <summary>Completion tokens, reasoning included.</summary>
    public long? Output { get; init => field = Believed(value); } = Believed(Output);

    /// <summary>Completion tokens spent on reasoning.</summary>
    public long? Reasoning { get; init => field = Believed(value); } = Believed(Reasoning);

    /// <summary>The count, or null for what cannot be one.</summary>
    public static long? Believed(long? count) => count is >= 0 and <= Most ? count : null;

    /// <summary>The same as a condition on a column: stores from before the bound hold what servers said.</summary>
    internal static string IsBelieved(string column) => string.Create(CultureInfo.InvariantCulture, $"{column} BETWEEN 0 AND {Most}");
}
