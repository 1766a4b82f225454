using System.Globalization;
using System.Text.RegularExpressions;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>
/// What an account may have queued at a batch API, as far as refusals have told: batches at a time, and requests in one. A batch that is
/// refused beside others of the run waits for them; only one that had the queue for itself is too large, and is halved.
/// </summary>
internal sealed partial class QueueRoom
{
    private static readonly HashSet<string> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        "token_limit_exceeded", "enqueued_token_limit_exceeded", "TokenLimitExceeded", "EnqueuedTokenLimitExceeded",
    };

    private readonly Dictionary<string, HashSet<string>> _beside = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>Most requests in a batch.</summary>
    public int MostRequests { get; private set; } = BatchFile.MostRequests;

    /// <summary>Most batches at a time.</summary>
    public int MostBatches { get; private set; } = int.MaxValue;

    /// <summary>True for a batch for which the account's queue has no room.</summary>
    public static bool IsRefusal(BatchState state) => state is { Status: BatchState.Failed, Error.Code: { } code } && Codes.Contains(code);

    /// <summary>A batch goes to the API, or was found there.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="open">The others of the run that have not ended.</param>
    public void Sent(OpenBatch batch, IEnumerable<OpenBatch> open)
    {
        _beside[batch.Key] = [.. open.Select(other => other.Key).Where(key => key != batch.Key)];
        foreach (var other in _beside[batch.Key])
            if (_beside.TryGetValue(other, out var its)) its.Add(batch.Key);
    }

    /// <summary>There is no room for a batch. All that a look shows are told before the first of them narrows anything.</summary>
    public void Refused(OpenBatch batch) => _refused.Add(batch.Key);

    /// <summary>Draws the conclusion from a refusal.</summary>
    /// <returns>It in words, for the log; null when a single request has no room with nothing else of the run queued.</returns>
    public string? Narrow(OpenBatch batch)
    {
        var others = _beside.GetValueOrDefault(batch.Key, []).Count(key => !_refused.Contains(key));
        if (others > 0)
        {
            MostBatches = Math.Max(1, Math.Min(MostBatches - 1, others));
            return string.Create(CultureInfo.InvariantCulture, $"no room in the queue beside {others} of this run");
        }

        if (batch.Questions <= 1) return null;
        MostRequests = Math.Min(MostRequests, batch.Questions / 2);
        return $"{batch.Questions} requests are too many for the queue";
    }

    /// <summary>What an earlier start has learnt, by the words that it logged.</summary>
    public void Recall(string words)
    {
        if (Beside().Match(words) is { Success: true } beside) MostBatches = Math.Max(1, Math.Min(MostBatches, Number(beside)));
        else if (TooMany().Match(words) is { Success: true } many) MostRequests = Math.Max(1, Math.Min(MostRequests, Number(many) / 2));

        static int Number(Match match) =>
            int.TryParse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
    }

    [GeneratedRegex("no room in the queue beside (?<count>[0-9]{1,9}) of this run", RegexOptions.CultureInvariant)]
    private static partial Regex Beside();

    [GeneratedRegex("(?<count>[0-9]{1,9}) requests are too many for the queue", RegexOptions.CultureInvariant)]
    private static partial Regex TooMany();
}
