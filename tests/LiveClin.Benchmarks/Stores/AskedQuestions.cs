using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// Every question as the servers got it, and everything that was done to the evaluators. A question that is asked again is a fault when
/// its conversation had gone on already (an answer is stored before the next question is sent), or when nothing had happened to who
/// asked it before.
/// </summary>
internal sealed class AskedQuestions
{
    // From a reply at the server to its row in the database, and from the asking of a question to its arrival at the server, which
    // may be after the death of who asked it: on a machine that is busy.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Conversation, int Turn), ConcurrentQueue<Asking>> _askings = new();
    private readonly ConcurrentQueue<Disturbance> _disturbances = new();

    /// <summary>Requests so far.</summary>
    public int Requests => _askings.Values.Sum(askings => askings.Count);

    /// <summary>Different questions so far.</summary>
    public int Questions => _askings.Count;

    /// <summary>Those that were asked more than once.</summary>
    public int Again => _askings.Values.Count(askings => askings.Count > 1);

    /// <summary>Notes a request.</summary>
    /// <param name="body">Its JSON.</param>
    /// <param name="evaluator">Who asked.</param>
    /// <returns>What is told of its end.</returns>
    public Asking Ask(byte[] body, int evaluator)
    {
        using var request = JsonDocument.Parse(body);
        var questions = request.RootElement.GetProperty("messages").EnumerateArray()
            .Where(message => message.GetProperty("role").ValueEquals("user")).ToList();
        var conversation = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(questions[0].GetRawText())));
        var asking = new Asking(evaluator);
        _askings.GetOrAdd((conversation, questions.Count), _ => new ConcurrentQueue<Asking>()).Enqueue(asking);
        return asking;
    }

    /// <summary>Notes that an evaluator, or null for all of them, could not store what it got from one moment to another.</summary>
    public void Disturb(int? evaluator, DateTime from, DateTime to) => _disturbances.Enqueue(new Disturbance(evaluator, from, to));

    /// <summary>The questions that were asked again without need: each with its times and with what happened around it.</summary>
    public IReadOnlyList<string> FindFaults() =>
        [.. _askings.SelectMany(askings => askings.Value.Zip(askings.Value.Skip(1))
            .Where(pair => HasGoneOn(askings.Key, pair.Second)
                || !_disturbances.Any(disturbance => disturbance.Touches(pair.First, Lag)))
            .Select(pair => Describe(pair.First, pair.Second)))];

    private bool HasGoneOn((string Conversation, int Turn) question, Asking again) =>
        _askings.TryGetValue((question.Conversation, question.Turn + 1), out var next) && next.Any(asking => asking.Begin < again.Begin);

    private string Describe(Asking first, Asking again) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        evaluator {first.Evaluator} asked from {first.Begin:mm:ss.fff} to {first.End:mm:ss.fff}; asked again by {again.Evaluator} at {again.Begin:mm:ss.fff};
            disturbances {string.Join(", ", _disturbances.Where(disturbance => disturbance.To + Lag > first.Begin)
                .Select(disturbance => $"{disturbance.Evaluator?.ToString(CultureInfo.InvariantCulture) ?? "database"} at {disturbance.From:mm:ss.fff}"))}
        """);

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
        public bool Touches(Asking asking, TimeSpan lag) =>
            (Evaluator ?? asking.Evaluator) == asking.Evaluator && asking.Begin - lag <= To
                && (asking.End is not { } end || end + lag >= From);
    }
}
