using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Core.Costs;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// The limit that a run was last given for its model's costs. It stands among the run's events, where people see it, so that whoever
/// resumes the run does not lose it without a word.
/// </summary>
/// <param name="MaxCost">The limit; null when it was lifted.</param>
/// <param name="Price">What it was reckoned with; null when it was lifted.</param>
internal sealed record RecordedLimit(double? MaxCost, Price? Price)
{
    private const string Kind = "cost_limit";

    /// <summary>The last one; null when the run never had any.</summary>
    public static RecordedLimit? Find(IEnumerable<RunEvent> events) =>
        events.LastOrDefault(noted => noted.Kind == Kind) is { } noted ? Parse(noted.Message) : null;

    /// <summary>Records the limit of a request, if it is another one than before.</summary>
    public static void Put(StoreTransaction write, string runId, RunRequest request, IEnumerable<RunEvent> before)
    {
        var limit = request is { MaxCost: { } most, Price: { } price } ? new RecordedLimit(most, price) : new RecordedLimit(null, null);
        if (limit != (Find(before) ?? new RecordedLimit(null, null))) write.AddEvent(runId, Kind, limit.ToText());
    }

    // Sample: {"max_cost":30,"price":{"input":2.5,"cached_input":1.25,"output":10,"currency":"USD"}}; without limit {"max_cost":null}
    private string ToText()
    {
        if (MaxCost is not { } most || Price is not { } price) return new JsonObject { ["max_cost"] = null }.ToJsonString();
        var amounts = new JsonObject
        {
            ["input"] = price.Input, ["cached_input"] = price.CachedInput, ["output"] = price.Output, ["currency"] = price.Currency,
        };
        return new JsonObject { ["max_cost"] = most, ["price"] = amounts }.ToJsonString();
    }

    private static RecordedLimit? Parse(string text)
    {
        try
        {
            if (JsonNode.Parse(text) is not JsonObject limit) return null;
            if (limit["max_cost"] is not { } most || limit["price"] is not { } price) return null;
            return new RecordedLimit((double)most, new Price
            {
                Input = (double)price["input"]!, CachedInput = (double?)price["cached_input"], Output = (double)price["output"]!,
                Currency = (string)price["currency"]!,
            });
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentNullException)
        {
            return null;
        }
    }
}
