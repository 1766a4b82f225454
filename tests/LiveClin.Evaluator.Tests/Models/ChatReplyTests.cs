using System.Text;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Tests.Models;

/// <summary>What is made of a body with status 200.</summary>
public sealed class ChatReplyTests
{
    private const string Beginning = "The lesion of type C cannot";

    [Theory]
    // A completion's own count, with what was thought in it.
    [InlineData("""{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"completion_tokens_details":{"reasoning_tokens":40}}""", 100L, 50L, 40L)]
    // xAI: thought beside. Gemini's compatible API: the same, and it does not say how much.
    [InlineData("""{"prompt_tokens":100,"completion_tokens":10,"total_tokens":10110,"completion_tokens_details":{"reasoning_tokens":10000}}""", 100L, 10010L, 10000L)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":10,"total_tokens":710}""", 100L, 610L, null)]
    // A total that is larger for another reason: cached tokens beside the prompt, or something that is no thought.
    [InlineData("""{"prompt_tokens":100,"completion_tokens":10,"total_tokens":610,"prompt_tokens_details":{"cached_tokens":500}}""", 100L, 10L, null)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":10,"total_tokens":113,"completion_tokens_details":{"reasoning_tokens":8}}""", 100L, 10L, 8L)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":10,"total_tokens":1}""", 100L, 10L, null)]
    // What cannot be.
    [InlineData("""{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807,"total_tokens":1}""", null, null, null)]
    [InlineData("""{"prompt_tokens":-5000000,"completion_tokens":-1,"total_tokens":7}""", null, null, null)]
    [InlineData("""{"prompt_tokens":2147483647,"completion_tokens":2147483648,"total_tokens":99999999999999999999}""", 2147483647L, null, null)]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":6,"total_tokens":9223372036854775807,"reasoning_tokens":-2}""", 5L, 6L, null)]
    [InlineData("""[]""", null, null, null)]
    public void Tokens_are_counted_as_they_are_charged(string usage, long? input, long? output, long? reasoning)
    {
        var read = Parse($$$"""{"choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}],"usage":{{{usage}}} }""").Usage;
        Assert.Equal((input, output, reasoning), (read.Input, read.Output, read.Reasoning));
    }

    [Theory]
    [InlineData("""{"object":"error","message":"CUDA error: device-side assert","type":"InternalServerError","code":500,%}""", "server_error")]
    [InlineData("""{"code":"InternalError","message":"upstream died",%}""", "server_error")]
    [InlineData("""{"code":"DataInspectionFailed","message":"Output data may contain inappropriate content.",%}""", "content_filter")]
    [InlineData("""{"base_resp":{"status_code":1027,"status_msg":"output new_sensitive"},%}""", "content_filter")]
    [InlineData("""{"base_resp":{"status_code":1026,"status_msg":"input new_sensitive"},%}""", "content_filter")]
    [InlineData("""{"base_resp":{"status_code":1013,"status_msg":"internal"},%}""", "server_error")]
    [InlineData("""{"error":{"code":null,"message":"boom"},%}""", "server_error")]
    [InlineData("""{"error":{"code":0,"message":"boom"},%}""", "server_error")]
    public void An_error_beside_text_makes_it_no_answer(string body, string kind)
    {
        var choices = $$$""" "choices":[{"finish_reason":"stop","message":{"content":"{{{Beginning}}}"}}] """;
        Assert.Equal(kind, Fail(body.Replace("%", choices, StringComparison.Ordinal)).Kind);
    }

    [Theory]
    [InlineData("""{"code":null,"message":null,"type":null}""", "0")]
    [InlineData("""{"code":0,"message":""}""", "0")]
    [InlineData("""{"code":0,"message":"success"}""", "0")]
    [InlineData("""{}""", "\"0\"")]
    [InlineData("null", "null")]
    [InlineData("\"\"", "0")]
    [InlineData("0", "0")]
    public void An_error_that_says_nothing_is_none(string error, string state)
    {
        var reply = Parse(
            $$$"""
            {"code":200,"message":"ok","error":{{{error}}},"base_resp":{"status_code":{{{state}}},"status_msg":"success"},
            "choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}
            """);
        Assert.Equal("\\boxed{A}", reply.Text);
    }

    [Theory]
    [InlineData("data: {\"object\":\"error\",\"message\":\"CUDA error\",\"type\":\"InternalServerError\",\"code\":500}\n\ndata: [DONE]\n\n",
        "server_error")]
    [InlineData("event: error\ndata: {\"code\":\"InternalError\",\"message\":\"inner error\"}\n\ndata: [DONE]\n\n", "server_error")]
    [InlineData("event: error\ndata: {\"code\":\"DataInspectionFailed\",\"message\":\"x\"}\n\n", "content_filter")]
    [InlineData("event: error\ndata: gone\n\n", "server_error")]
    [InlineData("data: {\"base_resp\":{\"status_code\":1027,\"status_msg\":\"x\"},\"choices\":[]}\n\n", "content_filter")]
    [InlineData("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"OTHER\"}]}\n\ndata: [DONE]\n\n", "broken_off")]
    [InlineData("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"\"}]}\n\ndata: [DONE]\n\n", "broken_off")]
    [InlineData("data: [DONE]\n\n", "broken_off")]
    [InlineData("", "broken_off")]
    public void A_stream_that_breaks_off_is_no_answer(string rest, string kind)
    {
        var failure = Fail($$$"""data: {"choices":[{"delta":{"content":"{{{Beginning}}}"},"finish_reason":null}]}""" + "\n\n" + rest);
        Assert.Equal(kind, failure.Kind);
    }

    [Theory]
    [InlineData("""["\\boxed{A}"]""", null)]
    [InlineData("""{"type":"text","text":"\\boxed{A}"}""", null)]
    [InlineData("""[{"text":"\\boxed{A}"}]""", null)]
    [InlineData("""[{"type":"reasoning_text","text":"\\boxed{D}?"},{"type":"output_text","text":"\\boxed{A}"}]""", "\\boxed{D}?")]
    [InlineData("""[{"type":"summary_text","text":"\\boxed{D}?"},{"type":"text","text":"\\boxed{A}"}]""", "\\boxed{D}?")]
    [InlineData("""[{"type":"Thinking","text":"\\boxed{D}?"},{"type":"Text","text":"\\boxed{A}"}]""", "\\boxed{D}?")]
    [InlineData("""[{"text":"\\boxed{D}?","thought":true},{"text":"\\boxed{A}"}]""", "\\boxed{D}?")]
    [InlineData("""[{"type":"thinking","thinking":[{"type":"text","text":"\\boxed{D}?"}]},{"type":"text","text":"\\boxed{A}"}]""", "\\boxed{D}?")]
    public void Only_what_is_said_is_read_of_parts(string content, string? thoughts)
    {
        var reply = Parse($$$"""{"choices":[{"finish_reason":"stop","message":{"content":{{{content}}} }}]}""");
        Assert.Equal(("\\boxed{A}", thoughts), (reply.Text, reply.Reasoning));
    }

    [Theory]
    [InlineData("""{"message":{"content":"\\boxed{A}"},"finish_reason":"stop"}""")]
    [InlineData("""{"delta":{"content":"\\boxed{A}"},"message":{"content":"\\boxed{A}"},"finish_reason":"stop"}""")]
    public void A_stream_may_send_the_whole_message(string choice) =>
        Assert.Equal("\\boxed{A}", Parse($$$"""data: {"choices":[{{{choice}}}]}""" + "\n\ndata: [DONE] \n\n").Text);

    [Fact]
    public void Pieces_of_a_stream_may_be_lists()
    {
        var reply = Parse(
            """
            data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":"\\boxed{D}?"}]}}]}

            data: {"choices":[{"delta":{"content":[{"type":"text","text":"\\boxed"},{"type":"text","text":"{A}"}]}}]}

            data: {"choices":[{"delta":{},"finish_reason":"stop"}]}


            """);
        Assert.Equal(("\\boxed{A}", "\\boxed{D}?", "stop"), (reply.Text, reply.Reasoning, reply.FinishReason));
    }

    [Theory]
    [InlineData("OTHER", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("UNEXPECTED_TOOL_CALL", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("timeout", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("engine_overloaded", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("server_error", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("MODEL_ERROR", "", "broken_off", FailureScope.Transient)]
    [InlineData("LANGUAGE", "", "content_filter", FailureScope.Question)]
    [InlineData("MODEL_ARMOR", "", "content_filter", FailureScope.Question)]
    [InlineData("IMAGE_RECITATION", "", "content_filter", FailureScope.Question)]
    [InlineData("content-filter", "", "content_filter", FailureScope.Question)]
    [InlineData("max_completion_tokens", "", "empty_reply", FailureScope.Question)]
    [InlineData("ERROR_LIMIT", "", "empty_reply", FailureScope.Question)]
    [InlineData("repetition", "", "empty_reply", FailureScope.Question)]
    [InlineData("stop", "", "empty_reply", FailureScope.Transient)]
    [InlineData("canceled", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("upstream_error", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("not_finished", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("pause_turn", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("time_limit", Beginning, "broken_off", FailureScope.Transient)]
    [InlineData("maxTokens", "", "empty_reply", FailureScope.Question)]
    [InlineData("token_limit", "", "empty_reply", FailureScope.Question)]
    [InlineData("FinishReason.MAX_TOKENS", "", "empty_reply", FailureScope.Question)]
    [InlineData("contentFilter", "", "content_filter", FailureScope.Question)]
    [InlineData("FINISH_REASON_SAFETY", "", "content_filter", FailureScope.Question)]
    [InlineData("moderation", "", "content_filter", FailureScope.Question)]
    public void An_ending_says_whether_to_ask_again(string finish, string text, string kind, object scope)
    {
        var failure = Fail($$$"""{"choices":[{"finish_reason":"{{{finish}}}","message":{"content":"{{{text}}}"}}]}""");
        Assert.Equal((kind, scope), (failure.Kind, failure.Scope));
    }

    [Fact]
    public void A_name_that_a_server_gives_has_an_end_and_no_key()
    {
        const string Key = "sk-audit-7d1f0b6c93e84a5fbb20";
        var reply = Parse(
            $$$"""
            {"id":"{{{Key}}}","model":"m {{{Key}}}","choices":[{"finish_reason":"stop {{{Key + new string('z', 3_000_000)}}}",
            "message":{"content":"\\boxed{A}"}}]}
            """).WithoutKey(new KeyRedaction(Key));

        Assert.Equal(("***", "m ***"), (reply.ResponseId, reply.Model));
        Assert.Equal("stop ***" + new string('z', 100 - 5 - Key.Length) + "…", reply.FinishReason);
        Assert.Equal("***…", new KeyRedaction(Key).Of(ErrorText.Cut(new string(' ', 90) + Key)).Trim());
        Assert.Equal(101, Fail($$$"""{"choices":[{"finish_reason":"length:{{{new string('z', 9999)}}}","message":{}}]}""")
            .FinishReason!.Length);
    }

    private static ModelCallException Fail(string body) => Assert.Throws<ModelCallException>(() => Parse(body));

    private static ChatReply Parse(string body) => ChatReply.Parse(Encoding.UTF8.GetBytes(body));
}
