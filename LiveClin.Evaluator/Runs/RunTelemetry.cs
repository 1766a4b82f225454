using System.Diagnostics;
using System.Diagnostics.Metrics;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>The evaluator's own spans and metrics: run → case, above the chat spans, and questions by outcome.</summary>
internal static class RunTelemetry
{
    public const string Name = "LiveClin.Evaluator";

    public static readonly ActivitySource Source = new(Name);

    // Beyond this, a run's spans are more than one trace can be looked at with, or a dashboard keeps of one.
    private const int MaximumQuestionsInTrace = 100;

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Questions = Meter.CreateCounter<long>("liveclin.questions", "{question}", "Questions by outcome");
    private static readonly Histogram<double> TurnDuration = Meter.CreateHistogram<double>("liveclin.turn.duration", "s",
        "Time from question to reply, retries included");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("liveclin.requests", "{request}",
        "Requests sent, retries included");
    private static readonly Counter<long> InputTokens = Meter.CreateCounter<long>("liveclin.tokens.input", "{token}",
        "Prompt tokens by cache state");

    /// <summary>
    /// Begins a case's span: below its run's, or, in a run of many questions, in a trace of its own that links to the run.
    /// </summary>
    public static Activity? StartCase(Case @case, int questionsOfRun)
    {
        var name = $"case {@case.Id}";
        if (Activity.Current is not { } run || questionsOfRun <= MaximumQuestionsInTrace)
            return Source.StartActivity(name)?.SetTag("liveclin.case", @case.Id);
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal, parentContext: default, links: [new ActivityLink(run.Context)])
            ?.SetTag("liveclin.case", @case.Id).SetTag("liveclin.run", run.GetTagItem("liveclin.run"));
    }

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

    /// <summary>Observes the requests in flight of every run of this process, and how many there may be.</summary>
    public static void ObserveInFlight(Func<IEnumerable<Measurement<int>>> inFlight, Func<IEnumerable<Measurement<int>>> limit)
    {
        Meter.CreateObservableGauge("liveclin.requests.in_flight", inFlight, "{request}", "Requests that wait for their reply");
        Meter.CreateObservableGauge("liveclin.requests.limit", limit, "{request}", "Requests that may be under way at a time");
    }
}
