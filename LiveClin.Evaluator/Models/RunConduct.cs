namespace LiveClin.Evaluator.Models;

/// <summary>What all requests of a run share: their gate, what the server has refused of them, and what became of them so far.</summary>
/// <param name="concurrency">Most requests at a time.</param>
/// <param name="time">The clock.</param>
/// <param name="dialect">What is known of the server; null to learn it.</param>
/// <param name="onChange">Told when the requests change their form, in words.</param>
internal sealed class RunConduct(int concurrency, TimeProvider time, Dialect? dialect = null, Func<string, Task>? onChange = null)
{
    public RequestGate Gate { get; } = new(concurrency, time);

    public RequestAdaptations Adaptations { get; } = new(dialect ?? Dialect.Auto, onChange);

    public RunHistory History { get; } = new();
}
