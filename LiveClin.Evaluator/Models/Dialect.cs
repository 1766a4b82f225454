using System.Text.Json.Nodes;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// How a provider spells what the published request does not have (effort and budget of reasoning), and which fields it is known to refuse.
/// </summary>
/// <param name="Name">Its name in settings.</param>
/// <param name="Effort">The body fields for an effort such as <c>low</c>; null where there are none.</param>
/// <param name="Budget">The body fields for a budget in tokens, 0 for no thinking; null where there are none.</param>
internal sealed record Dialect(string Name, Func<string, JsonObject>? Effort, Func<int, JsonObject?>? Budget)
{
    /// <summary>Learns from a server's refusals; the default.</summary>
    public const string AutoName = "auto";

    private const string StreamSuffix = "+stream";

    // Sources: each provider's own page on its OpenAI-compatible API, as of November 2026.
    private static readonly Dialect[] All =
    [
        new(AutoName, TopLevel, null),
        new("published", TopLevel, null) { Learns = false },
        new("openai", TopLevel, null) { Refused = ["max_tokens"] },
        new("azure", TopLevel, null) { Refused = ["max_tokens"] },
        new("xai", TopLevel, null),
        new("openrouter", effort => new() { ["reasoning"] = new JsonObject { ["effort"] = effort } },
            budget => new() { ["reasoning"] = budget == 0
                ? new JsonObject { ["enabled"] = false } : new JsonObject { ["max_tokens"] = budget } }),
        new("gemini", TopLevel, budget => new()
        {
            ["extra_body"] = new JsonObject
            {
                ["google"] = new JsonObject { ["thinking_config"] = new JsonObject { ["thinking_budget"] = budget } },
            },
        }),
        // With thinking its temperature may only be 1, which is its own.
        new("anthropic", null, budget => Thinking(budget == 0 ? "disabled" : "enabled", budget == 0 ? null : budget))
        {
            RefusedThinking = ["temperature"],
        },
        new("dashscope", null, budget => budget == 0
            ? new() { ["enable_thinking"] = false }
            : new() { ["enable_thinking"] = true, ["thinking_budget"] = budget }),
        new("ark", TopLevel, budget => budget == 0 ? Thinking("disabled", null) : null),
        new("glm", null, budget => budget == 0 ? Thinking("disabled", null) : null),
        new("deepseek", null, budget => budget == 0 ? Thinking("disabled", null) : null),
        new("sglang", TopLevel, budget => Template(budget, budget == 0 ? null : new() { ["thinking_budget"] = budget })),
        new("vllm", TopLevel, budget => budget == 0 ? Template(0, null) : new() { ["thinking_token_budget"] = budget }),
        new("llamacpp", effort => new() { ["chat_template_kwargs"] = new JsonObject { ["reasoning_effort"] = effort } },
            budget => budget == 0 ? Template(0, null) : null),
    ];

    /// <summary>What each of them is called.</summary>
    public static string Names => string.Join(", ", All.Select(dialect => dialect.Name));

    /// <summary>The one that learns.</summary>
    public static Dialect Auto => All[0];

    /// <summary>Fields that are changed from the beginning, without being asked to.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>Those that are left out besides when the model is told to think.</summary>
    public IReadOnlyList<string> RefusedThinking { get; init; } = [];

    /// <summary>The dialect for a request with these fields.</summary>
    /// <param name="parametersJson">The fields as asked for.</param>
    public Dialect For(string parametersJson) =>
        RefusedThinking.Count > 0
            && JsonNode.Parse(parametersJson)?["thinking"] is JsonObject thinking && (string?)thinking["type"] == "enabled"
            ? this with { Refused = [.. Refused, .. RefusedThinking] }
            : this;

    /// <summary>False for the request as published and no other: a refusal is the question's failure.</summary>
    public bool Learns { get; init; } = true;

    /// <summary>The dialect of a name, <c>openai</c> or <c>openai+stream</c>; null for an unknown one.</summary>
    public static Dialect? Find(string? name)
    {
        if (string.IsNullOrEmpty(name)) return Auto;
        var isStream = name.EndsWith(StreamSuffix, StringComparison.OrdinalIgnoreCase);
        var plain = isStream ? name[..^StreamSuffix.Length] : name;
        var found = All.FirstOrDefault(dialect => dialect.Name.Equals(plain, StringComparison.OrdinalIgnoreCase));
        return isStream && found is not null
            ? found with { Name = found.Name + StreamSuffix, Refused = [.. found.Refused, RequestAdaptations.Stream] } : found;
    }

    private static JsonObject TopLevel(string effort) => new() { ["reasoning_effort"] = effort };

    private static JsonObject Thinking(string type, int? budget)
    {
        var thinking = new JsonObject { ["type"] = type };
        if (budget is { } tokens) thinking["budget_tokens"] = tokens;
        return new JsonObject { ["thinking"] = thinking };
    }

    private static JsonObject Template(int budget, JsonObject? more)
    {
        var fields = more ?? [];
        fields["enable_thinking"] = budget > 0;
        return new JsonObject { ["chat_template_kwargs"] = fields };
    }
}

/// <summary>How much a model may think before it answers, in the words of the settings.</summary>
/// <param name="Effort">An effort such as <c>low</c>; null to leave it to the model.</param>
/// <param name="Budget">Most tokens of thinking, 0 for none; null to leave it to the model.</param>
internal sealed record ReasoningChoice(string? Effort, int? Budget)
{
    private const int LongestEffort = 20;

    /// <summary>The body fields in a dialect, as a JSON object; null where nothing is asked for.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="wrong">Told of the field that is wrong, and why.</param>
    public string? In(Dialect dialect, Action<string, string> wrong)
    {
        var fields = new JsonObject();
        if (Effort is { } effort)
            Take(
                "reasoning_effort", dialect.Effort?.Invoke(effort),
                $"dialect '{dialect.Name}' has no effort; there it is thinking_budget.");
        if (Budget is { } budget) Take("thinking_budget", dialect.Budget?.Invoke(budget), Missing(dialect, budget));
        if (Effort is { } text && (text.Length is 0 or > LongestEffort || !text.All(char.IsAsciiLetterLower)))
            wrong("reasoning_effort", "must be a word in small letters, such as low, medium or high.");
        if (Budget is < 0) wrong("thinking_budget", "must be 0 (no thinking) or a number of tokens.");
        return fields.Count == 0 ? null : fields.ToJsonString();

        void Take(string setting, JsonObject? spelled, string otherwise)
        {
            if (spelled is null) wrong(setting, otherwise);
            foreach (var (name, value) in spelled ?? []) fields[name] = value?.DeepClone();
        }
    }

    private static string Missing(Dialect dialect, int budget) => dialect.Name.StartsWith(Dialect.AutoName, StringComparison.Ordinal)
        ? $"needs a dialect, because each server spells it differently: {Dialect.Names}."
        : $"dialect '{dialect.Name}' has no budget{(budget > 0 && dialect.Budget is not null ? " but 0, for no thinking" : "")}.";
}
