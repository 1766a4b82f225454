using System.Diagnostics;
using System.Diagnostics.Metrics;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>The evaluator's own spans and metrics: run → case, above the chat spans, and questions by outcome.</summary>
internal static class RunTelemetry
{
    public const string Name = "LiveClin.Evaluator";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Questions = Meter.CreateCounter<long>("liveclin.questions", "{question}", "Questions by outcome");
    private static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("liveclin.turn.duration", "s", "Time from question to reply, retries included");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("liveclin.requests", "{request}", "Requests sent, retries included");
    private static readonly Counter<long> InputTokens = Meter.CreateCounter<long>("liveclin.tokens.input", "{token}", "Prompt tokens by cache state");

    public static void Answered(string model, Answer answer)
    {
        if (!Questions.Enabled && !TurnDuration.Enabled) return;
        var name = new KeyValuePair<string, object?>("liveclin.model", model);
        Questions.Add(1, name, new("liveclin.outcome", answer.Outcome.ToString().ToLowerInvariant()));
        TurnDuration.Record(answer.LatencyMs / 1000, name);
        Requests.Add(answer.Attempts, name);
        if (answer.Usage.Input is not { } input) return;
        var cached = answer.Usage.CachedInput ?? 0;
        InputTokens.Add(cached, name, new("liveclin.cached", true));
        InputTokens.Add(input - cached, name, new("liveclin.cached", false));
    }

    /// <summary>Observes the requests in flight of every run of this process.</summary>
    public static void ObserveInFlight(Func<IEnumerable<Measurement<int>>> observe) =>
        Meter.CreateObservableGauge("liveclin.requests.in_flight", observe, "{request}", "Requests that wait for their reply");
}
