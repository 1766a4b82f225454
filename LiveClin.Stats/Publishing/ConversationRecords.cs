using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Stats.Publishing;

/// <summary>
/// The conversations of a run as Every Eval Ever's instance records: one for each case of which every question has a reply.
/// </summary>
internal static class ConversationRecords
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The records, one JSON text each, in the order of the release.</summary>
    /// <param name="store">The store, which has the prompts.</param>
    /// <param name="published">The run.</param>
    /// <param name="model">The model.</param>
    public static IEnumerable<string> Of(ResultStore store, PublishedRun published, ModelIdentity model) =>
        published.Answered.Select(clinicalCase => Record(store, published, model, clinicalCase).ToJsonString(OneLine));

    private static JsonObject Record(ResultStore store, PublishedRun published, ModelIdentity model, Case clinicalCase)
    {
        var turns = clinicalCase.Questions.Select(question => (Question: question, Answer: published.Results.Find(clinicalCase, question)!))
            .ToList();
        var isCorrect = turns.TrueForAll(turn => turn.Answer.IsCorrect);
        return new JsonObject
        {
            ["schema_version"] = EveryEvalEver.SchemaVersion,
            ["evaluation_id"] = EveryEvalEver.EvaluationId(published),
            ["model_id"] = model.Id,
            ["evaluation_name"] = EveryEvalEver.EvaluationName(published),
            ["evaluation_result_id"] = EveryEvalEver.ResultId(published, EveryEvalEver.CaseAccuracy),
            ["sample_id"] = clinicalCase.Id,
            ["interaction_type"] = "multi_turn",
            ["input"] = new JsonObject
            {
                ["raw"] = clinicalCase.Scenario,
                ["reference"] = new JsonArray([.. turns.Select(turn => JsonValue.Create(turn.Question.Key))]),
            },
            ["output"] = null,
            ["messages"] = Messages(store, turns),
            ["answer_attribution"] =
                new JsonArray([.. turns.Select((turn, index) => Attribution(turn.Answer, index, index == turns.Count - 1))
                .OfType<JsonNode>()]),
            ["evaluation"] = new JsonObject
            {
                ["score"] = isCorrect ? 1 : 0,
                ["is_correct"] = isCorrect,
                ["num_turns"] = turns.Count,
                ["tool_calls_count"] = 0,
            },
            ["token_usage"] = Tokens(turns.ConvertAll(turn => turn.Answer.Usage)),
            ["performance"] = turns.TrueForAll(turn => turn.Answer.Attempts > 0)
                ? new JsonObject { ["latency_ms"] = turns.Sum(turn => turn.Answer.LatencyMs) } : null,
            ["error"] = null,
            ["metadata"] = Metadata(clinicalCase, turns),
        };
    }

    private static JsonArray Messages(ResultStore store, List<(Question Question, Answer Answer)> turns)
    {
        var messages = new JsonArray();
        foreach (var (question, answer) in turns)
        {
            // An import has no prompts: what the release asks stands in their place.
            var prompt = answer.PromptHash is { } hash ? store.FindPrompt(hash)?.Text : null;
            messages.Add(new JsonObject { ["turn_idx"] = messages.Count, ["role"] = "user", ["content"] = prompt ?? question.Text });
            messages.Add(new JsonObject
            {
                ["turn_idx"] = messages.Count,
                ["role"] = "assistant",
                ["content"] = answer.Reply,
                ["reasoning_trace"] = answer.Reasoning,
            });
        }

        return messages;
    }

    // The reply to question n is message 2n + 1.
    private static JsonObject? Attribution(Answer answer, int index, bool isLast) => answer.Letter is not { } letter ? null : new JsonObject
    {
        ["turn_idx"] = (2 * index) + 1, ["source"] = "messages[turn_idx].content", ["extracted_value"] = letter,
        ["extraction_method"] = answer.Rule == ExtractionRule.None ? "recorded" : $"regex ({answer.Rule.ToString().ToLowerInvariant()})",
        ["is_terminal"] = isLast,
    };

    // All or nothing: a sum over some of the requests would be no sum of the conversation.
    private static JsonObject? Tokens(List<TokenUsage> usages)
    {
        if (!usages.TrueForAll(usage => usage is { Input: not null, Output: not null })) return null;
        var (input, output) = (usages.Sum(usage => usage.Input!.Value), usages.Sum(usage => usage.Output!.Value));
        var json = new JsonObject { ["input_tokens"] = input, ["output_tokens"] = output, ["total_tokens"] = input + output };
        if (usages.TrueForAll(usage => usage.CachedInput is not null))
            json["input_tokens_cache_read"] = usages.Sum(usage => usage.CachedInput!.Value);
        if (usages.TrueForAll(usage => usage.Reasoning is not null)) json["reasoning_tokens"] = usages.Sum(usage => usage.Reasoning!.Value);
        return json;
    }

    private static JsonObject Metadata(Case clinicalCase, List<(Question Question, Answer Answer)> turns)
    {
        var json = new JsonObject
        {
            ["case_ordinal"] = clinicalCase.Ordinal.ToString(CultureInfo.InvariantCulture), ["epoch"] = "1",
            ["questions_correct"] = turns.Count(turn => turn.Answer.IsCorrect).ToString(CultureInfo.InvariantCulture),
            ["prompts"] = turns.TrueForAll(turn => turn.Answer.PromptHash is not null)
                ? "as sent, without images" : "not recorded: the release's questions",
        };
        foreach (var (name, value) in ((string, string?)[])[("chapter", clinicalCase.Chapter), ("subcategory", clinicalCase.Subcategory),
            ("rarity", clinicalCase.Rarity), ("doi", clinicalCase.Doi)])
            if (value is not null) json[name] = value;
        return json;
    }
}
