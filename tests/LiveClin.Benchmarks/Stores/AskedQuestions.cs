using System.Collections.Concurrent;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// Every question as the servers got it, and everything that was done to the evaluators: what was asked again although nothing had
/// happened to who asked it before is a fault.
/// </summary>
internal sealed class AskedQuestions
{
    // From a reply at the server to its row in the database, on a machine that is busy.
    private static readonly TimeSpan Storing = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Asking>> _askings = new();
    private readonly ConcurrentQueue<Disturbance> _disturbances = new();

    /// <summary>Requests so far.</summary>
    public int Requests => _askings.Values.Sum(askings => askings.Count);

    /// <summary>Different questions so far.</summary>
    public int Questions => _askings.Count;

    /// <summary>Those that were asked more than once.</summary>
    public int Again => _askings.Values.Count(askings => askings.Count > 1);

    /// <summary>Notes a request.</summary>
    /// <returns>What is told of its end.</returns>
    public Asking Ask(string question, int evaluator)
    {
        var asking = new Asking(evaluator);
        _askings.GetOrAdd(question, _ => new ConcurrentQueue<Asking>()).Enqueue(asking);
        return asking;
    }

    /// <summary>Notes that an evaluator, or null for all of them, could not store what it got from one moment to another.</summary>
    public void Disturb(int? evaluator, DateTime from, DateTime to) => _disturbances.Enqueue(new Disturbance(evaluator, from, to));

    /// <summary>
    /// Questions that were asked again although the turn before was not under way when something happened to its evaluator.
    /// </summary>
    public int CountFaults() =>
        _askings.Values.Sum(askings =>
        askings.SkipLast(1).Count(asking => !_disturbances.Any(disturbance => disturbance.Touches(asking, Storing))));

    /// <summary>A request.</summary>
    internal sealed class Asking(int evaluator)
    {
        public int Evaluator { get; } = evaluator;

        public DateTime Begin { get; } = DateTime.UtcNow;

        /// <summary>When it was answered; null when it never was.</summary>
        public DateTime? End { get; set; }
    }

    private sealed record Disturbance(int? Evaluator, DateTime From, DateTime To)
    {
        public bool Touches(Asking asking, TimeSpan storing) =>
            (Evaluator ?? asking.Evaluator) == asking.Evaluator && asking.Begin <= To
                && (asking.End is not { } end || end + storing >= From);
    }
}
