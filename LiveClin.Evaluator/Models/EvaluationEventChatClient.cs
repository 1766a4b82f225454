using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Logs whether a reply is right as OpenTelemetry's <c>gen_ai.evaluation.result</c> event, while the chat span is still current,
/// so that dashboards show it on the span's Evaluations tab.
/// </summary>
internal sealed class EvaluationEventChatClient(IChatClient inner, ILogger<EvaluationEventChatClient> logger) : DelegatingChatClient(inner)
{
    private static readonly EventId ResultEvent = new(1, "gen_ai.evaluation.result");

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        if (options is TurnOptions { Question: { } question } && logger.IsEnabled(LogLevel.Information)) Report(question, response);
        return response;
    }

    // Attribute names with dots cannot be template placeholders, so the state is a plain list.
    private void Report(Question question, ChatResponse response)
    {
        var extraction = AnswerExtractor.Extract(response.Text);
        var right = extraction.Letter == question.Key;
        var explanation = extraction.Letter is null
            ? $"no letter found; the key is {question.Key}" : $"chose {extraction.Letter} ({extraction.Rule}); the key is {question.Key}";
        KeyValuePair<string, object?>[] state =
        [
            new("gen_ai.evaluation.name", "liveclin.correct"),
            new("gen_ai.evaluation.score.value", right ? 1.0 : 0.0),
            new("gen_ai.evaluation.score.label", right ? "correct" : extraction.Letter is null ? "unparsed" : "wrong"),
            new("gen_ai.evaluation.explanation", explanation),
            new("gen_ai.response.id", response.ResponseId),
        ];
        logger.Log(LogLevel.Information, ResultEvent, state, null, (_, _) => explanation);
    }
}
