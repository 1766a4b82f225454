using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Tests.Models;

/// <summary>Replies that nothing is wrong with, as servers send them: what looks odd in them is no failure and loses no text.</summary>
public sealed class HealthyReplyTests
{
    [Theory]
    // OpenAI · Azure · vLLM · SGLang · llama.cpp · Ollama · Gemini · Anthropic · DashScope · Mistral · OpenRouter · GLM
    [InlineData("""{"id":"c","object":"chat.completion","created":1,"model":"m","service_tier":"default","choices":[{"index":0,"message":{"role":"assistant","content":"\\boxed{A}","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}]}""")]
    [InlineData("""{"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"jailbreak":{"filtered":false,"detected":true},"violence":{"filtered":true,"severity":"low"}}}],"choices":[{"content_filter_results":{"hate":{"filtered":false}},"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"message":{"content":"\\boxed{A}","reasoning":null,"tool_calls":[]},"finish_reason":"stop","stop_reason":151645,"token_ids":null}],"error":null,"kv_transfer_params":null}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","matched_stop":151645,"message":{"content":"\\boxed{A}"}}],"metadata":{"weight_version":"default"}}""")]
    [InlineData("""{"choices":[{"finish_reason":"FINISH_REASON_STOP","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"FINISH_REASON_UNSPECIFIED","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"end_turn","message":{"content":[{"type":"text","text":"\\boxed"},{"type":"text","text":"{A}"}]}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"no_error","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"ERROR_NONE","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","error":{"code":"","message":"","type":""},"message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"error":"false","choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"error":{"code":0,"message":"No error"},"choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"code":200,"message":"OK","choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"base_resp":{"status_code":0,"status_msg":""},"input_sensitive":false,"output_sensitive":true,"choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","native_finish_reason":"error","message":{"content":"\\boxed{A}"}}],"retry_after":86400}""")]
    // Parts whose type nobody has told us of are text where there is no other.
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":[{"type":"markdown","text":"\\boxed{A}"}]}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":[{"type":"thinking","text":"B?"},{"type":"text_block","text":"\\boxed{A}"}]}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":{"type":"message","text":"\\boxed{A}"}}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":[{"type":"document","text":"\\boxed{B}"},{"type":"text","text":"\\boxed{A}"}]}}]}""")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text_delta\",\"text\":\"\\\\boxed\"}]}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text_delta\",\"text\":\"{A}\"}]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData(": OPENROUTER PROCESSING\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\\\boxed{A}\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {\"choices\":[],\"prompt_filter_results\":[{\"content_filter_results\":{\"hate\":{\"filtered\":false}}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\\\boxed{A}\"},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[{\"delta\":{},\"content_filter_results\":{},\"finish_reason\":null}]}\n\ndata: [DONE]\n\n")]
    [InlineData("event: message\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\\\\boxed{A}\"},\"finish_reason\":\"\"}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"eos_token\"}]}\n\ndata: [DONE] \n\n")]
    // Gateways: comments before a reply in one piece, the stream's name for the message, signs of life.
    [InlineData(": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\r\n\n{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"\\\\boxed{A}\"}}]}")]
    [InlineData("""{"errors":[],"choices":[{"index":0,"finish_reason":"stop","delta":{"role":"assistant","content":"\\boxed{A}"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"error":null,"content":"\\boxed{A}"},"content_filter_results":{"hate":{"filtered":true}}}]}""")]
    [InlineData("event: ping\ndata: ping\n\ndata: null\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\\\boxed{A}\"},\"finish_reason\":\"stop\"}]}\n\n")]
    [InlineData("event: chunk\ndata:\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\\\boxed{A}\"},\"finish_reason\":\"stop\"}]}\n\n")]
    [InlineData(" \ndata: {\"choices\":[{\"delta\":{\"content\":\"\\\\boxed{A}\"},\"finish_reason\":\"stop\"}]}\n\n")]
    public void It_is_an_answer(string body)
    {
        var reply = ChatReply.Parse(Encoding.UTF8.GetBytes(body));
        Assert.Equal("\\boxed{A}", reply.Text);
    }

    [Theory]
    [InlineData("""{"error":{"code":407,"message":"upstream proxy"}}""", "Transient")]
    [InlineData("""{"error":{"code":502,"message":"gone"}}""", "Transient")]
    [InlineData("""{"error":{"code":"RESOURCE_EXHAUSTED","message":"x","retry_after":60000}}""", "Transient")]
    [InlineData("""{"error":{"code":"RESOURCE_EXHAUSTED","message":"x","details":[{"retryDelay":"40000s"}]}}""", "Run")]
    // Behind a part of a reply: vLLM calls all that goes wrong in a stream a bad request.
    [InlineData("""{"error":{"code":400,"message":"no"}}""", "Question")]
    [InlineData("data: {\"error\":{\"code\":400,\"message\":\"no\"}}\n\n", "Question")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"The\"}}]}\n\ndata: {\"error\":{\"code\":400,\"message\":\"CUDA error\"}}\n\n", "Transient")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"reasoning\":\"So\"}}]}\n\nevent: error\ndata: {\"code\":400,\"message\":\"CUDA\"}\n\n", "Transient")]
    [InlineData("""{"error":{"code":422,"message":"no"},"choices":[{"finish_reason":"stop","message":{"content":"The"}}]}""", "Transient")]
    public void An_error_in_a_reply_is_waited_out_for_no_hours(string body, string scope)
    {
        var failure = Assert.Throws<ModelCallException>(() => ChatReply.Parse(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(scope, failure.Scope.ToString());
        Assert.True(failure.RetryAfter is null || failure.RetryAfter <= FailureRules.LongestWait, $"{failure.RetryAfter}");
    }

    [Theory]
    [InlineData("max_tokens must be 1-8192")]
    [InlineData("max_tokens must be 1 to 8192")]
    [InlineData("n must be 1 – 5")]
    [InlineData("max_tokens must be 1, 2 or 3")]
    [InlineData("`max_tokens` must be 1 at least")]
    [InlineData("messages.0.content.0.text: The stent is only available in streamlined form")]
    [InlineData("Content rejected. Report says: n is not available in this cohort")]
    [InlineData("Could not process input: n is not available for 3 patients")]
    [InlineData("The model output must be discussed. The 'seed' is not here")]
    [InlineData("Invalid content: Temperature is not supported by the findings")]
    [InlineData("The report does not support non-small cell carcinoma")]
    [InlineData("Please use max_completion_tokens")]
    [InlineData("Bad request: Temperature is not available at admission")]
    [InlineData("litellm.BadRequestError: OpenAIException - Invalid prompt: N is not available")]
    [InlineData("Image unreadable. This model requires streaming of blood")]
    [InlineData("The text of a question must be streamed lines of JSON")]
    [InlineData("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")]
    public void Words_that_refuse_no_field(string message)
    {
        using var document = JsonDocument.Parse(new JsonObject { ["message"] = message }.ToJsonString());
        var fields = JsonNode.Parse("""{"n":1,"temperature":0.6,"top_p":0.95,"max_tokens":100,"seed":1}""")!.AsObject();
        Assert.Null(RefusedFields.Find(ServerError.Read(document.RootElement), fields));
    }
}
