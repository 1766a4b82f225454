namespace LiveClin.Evaluator.Models;

/// <summary>What all requests of a run share: their gate, what the server has refused of them, and what became of them so far.</summary>
/// <param name="concurrency">Most requests at a time.</param>
/// <param name="time">The clock.</param>
/// <param name="dialect">What is known of the server; null to learn it.</param>
/// <param name="onChange">Told when the requests change their form, in words.</param>
/// <param name="tokensPerMinute">Tokens a minute by the settings; null for what the server says.</param>
/// <param name="onGate">Told when the gate narrows or widens; null to tell nobody.</param>
internal sealed class RunConduct(
    int concurrency, TimeProvider time, Dialect? dialect = null, Func<string, Task>? onChange = null, long? tokensPerMinute = null,
    Action<GateState>? onGate = null)
{
    public RequestGate Gate { get; } = new(concurrency, time, tokensPerMinute) { OnChange = onGate };

    public RequestAdaptations Adaptations { get; } = new(dialect ?? Dialect.Auto, onChange);

    public RunHistory History { get; } = new();
}
