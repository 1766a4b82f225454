using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;
using static LiveClin.Evaluator.Tests.Dialects.OddServer;

namespace LiveClin.Evaluator.Tests.Dialects;

/// <summary>Whose failure it is when a server does not simply answer: by status, fields, finish reason and what came before.</summary>
public sealed class OddReplyTests
{
    private const int All = 1 + Retries;
    private const string Beginning = "The lesion in figure C";

    [Theory]
    [InlineData(403, """{"error":{"message":"flagged","code":403,"metadata":{"reasons":["violence"]}}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(403, """{"code":"permission","error":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CSAM"}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(403, "<html>blocked</html>", Outcome.Failed, "http_403", 1)]
    [InlineData(404, """{"error":{"message":"No endpoint takes images"}}""", Outcome.Failed, "http_404", 1)]
    [InlineData(400, """{"code":"DataInspectionFailed","message":"Output data may contain inappropriate content."}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"x","code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"code":"InputTextSensitiveContentDetected.PolicyViolation","message":"x"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"code":"InputTextRiskDetection","message":"x"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"the content_filter field is unknown here"}}""", Outcome.Failed, "http_400", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"Safety","message":{"content":null}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"content_filter: SPII","message":{"content":""}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[],"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"ERROR_TOXIC","message":{"content":""}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, "data: {\"choices\":[{\"delta\":{\"content\":\"%\"},\"finish_reason\":{\"type\":\"abort\"}}]}\n\ndata: [DONE]\n\n", Outcome.Failed, "broken_off", All)]
    [InlineData(200, "data: {\"choices\":[7]}\n\ndata: []\n\n", Outcome.Failed, "malformed_reply", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"refusal","message":{"content":""}}]}""", Outcome.Refused, "refusal", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"MAX_TOKENS","message":{"content":""}}]}""", Outcome.Truncated, "empty_reply", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"abort","message":{"content":"%"}}]}""", Outcome.Failed, "broken_off", All)]
    [InlineData(200, """{"choices":[{"finish_reason":{"type":"abort","status_code":500},"message":{"content":"%"}}]}""", Outcome.Failed, "broken_off", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"insufficient_system_resource","message":{"content":"%"}}]}""", Outcome.Failed, "broken_off", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"stop","error":{"code":502,"message":"gone"},"message":{"content":"%"}}]}""", Outcome.Failed, "server_error", All)]
    [InlineData(200, """{"error":{"code":502,"message":"gone"},"choices":[{"finish_reason":"stop","message":{"content":"%"}}]}""", Outcome.Failed, "server_error", All)]
    [InlineData(200, "data: {\"choices\":[{\"delta\":{\"content\":\"%\"}}]}\n\n", Outcome.Failed, "broken_off", All)]
    [InlineData(200, "{\"detail\":\"loading elsewhere\"}", Outcome.Failed, "malformed_reply", All)]
    [InlineData(429, "{}", Outcome.Failed, "http_429", All)]
    public async Task Of_one_question(int status, string body, Outcome outcome, string kind, int requests)
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(status, body.Replace("%", Beginning, StringComparison.Ordinal)));

        Assert.Equal((outcome, kind, null), (came.Answer!.Outcome, came.Answer.ErrorKind, came.Answer.Reply));
        if (status == 429) Assert.InRange(came.Requests, requests, int.MaxValue); // free while others are answered
        else Assert.Equal(requests, came.Requests);
        Assert.Equal(RunStatus.EndedWithFailures, came.Run.Status);
        Assert.All(came.Others, answer => Assert.Equal(Outcome.Correct, answer.Outcome));
        Assert.Equal(9, came.Others.DistinctBy(answer => answer.CaseOrdinal).Count());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task An_ending_that_says_nothing_is_none(string reason)
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(200, """{"choices":[{"finish_reason":%,"message":{"content":"\\boxed{A}"}}]}""".Replace("%", reason, StringComparison.Ordinal)));

        Assert.Equal((RunStatus.Completed, 1, null), (came.Run.Status, came.Requests, came.Answer!.FinishReason));
    }

    [Theory]
    [InlineData(503, """{"error":{"message":"content_filter backend overloaded"}}""")]
    [InlineData(401, """{"error":{"message":"token is being refreshed"}}""")]
    [InlineData(200, """{"code":"Throttling.AllocationQuota","message":"too fast"}""")]
    [InlineData(200, "<html>busy</html>")]
    [InlineData(429, "{}")]
    public async Task Once_it_is_asked_again(int status, string body)
    {
        var came = await OneQuestionAsync((_, before) => before == 0 ? new OddReply(status, body) : null);

        Assert.Equal((Outcome.Correct, 2, 2), (came.Answer!.Outcome, came.Answer.Attempts, came.Requests));
        Assert.Equal(RunStatus.Completed, came.Run.Status);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"key not valid for content_filter policy"}}""", "refuses the API key")]
    [InlineData(403, "<html>blocked</html>", "HTTP 403")]
    [InlineData(403, """{"error":{"code":"AccountOverdueError","message":"overdue"}}""", "The account has no credit or quota left")]
    [InlineData(403, """{"code":"AllocationQuota.FreeTierOnly","message":"free tier only"}""", "The account has no credit or quota left")]
    [InlineData(403, """{"error":{"code":"unsupported_country_region_territory","message":"no"}}""", "is not offered where this machine is")]
    [InlineData(429, """{"error":{"code":"SetLimitExceeded","message":"limit"}}""", "The account has no credit or quota left")]
    [InlineData(429, """[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x","details":[{"a":1},{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}]""", "no credit or quota left")]
    [InlineData(400, """[{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"API key not valid","details":[{"reason":"API_KEY_INVALID"}]}}]""", "The server refuses the API key")]
    [InlineData(200, """{"choices":null,"base_resp":{"status_code":1004,"status_msg":"login fail"}}""", "The server refuses the API key")]
    [InlineData(404, "{}", "does not know the model")]
    [InlineData(402, """{"error":{"message":"no credit left"}}""", "no credit left")]
    [InlineData(429, """{"error":{"message":"over","type":"insufficient_quota"}}""", "no credit or quota left")]
    [InlineData(410, """{"error":{"message":"retired"}}""", "retired")]
    [InlineData(200, """{"choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}""", "insufficient balance")]
    [InlineData(200, "<!doctype html><title>Open UI</title>", "web page; is the base URL right? It begins: <!doctype html>")]
    public async Task As_the_first_of_all_it_stops_the_run_after_one_request(int status, string body, string words)
    {
        var came = await EveryQuestionAsync((_, _) => new OddReply(status, body));

        Assert.Equal((RunStatus.Failed, 1), (came.Run.Status, came.Requests));
        Assert.Contains(words, came.Run.StatusReason, StringComparison.Ordinal);
        Assert.Equal(0, came.Kept);
    }

    [Fact]
    public async Task Where_every_question_is_refused_alike_the_tenth_stops_the_run()
    {
        var came = await EveryQuestionAsync((_, before) => before < 1 ? null : new OddReply(400, """{"error":{"message":"no images, please"}}"""));

        Assert.Equal(RunStatus.Failed, came.Run.Status);
        Assert.Contains("no images, please", came.Run.StatusReason, StringComparison.Ordinal);
        Assert.Equal(1 + 10, came.Requests);
    }

    [Fact]
    public async Task Out_of_credit_it_stops_and_keeps_what_was_answered()
    {
        var came = await EveryQuestionAsync((_, before) => before < 3 ? null : new OddReply(402, "{}"));

        Assert.Equal(RunStatus.Failed, came.Run.Status);
        Assert.Contains("The same command goes on", came.Run.StatusReason, StringComparison.Ordinal);
        Assert.Equal(3, came.Kept);
    }

    [Fact]
    public async Task A_server_that_takes_few_requests_at_a_time_gets_all_of_them_one_after_the_other()
    {
        const int PerWindow = 8;
        var (window, inWindow, refused) = (0L, 0, 0);
        var gate = new Lock();
        await using var server = await FakeModelServer.StartAsync((_, context) =>
        {
            bool isRefused;
            lock (gate)
            {
                var now = Environment.TickCount64 / 250;
                (window, inWindow) = now == window ? (window, inWindow + 1) : (now, 1);
                if (isRefused = inWindow > PerWindow) refused++;
            }

            if (!isRefused) return FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            context.Response.Headers["retry-after-ms"] = "250";
            return FakeModelServer.WriteAsync(context, 429, "{}");
        });
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);

        var (run, answers) = await evaluator.RunAsync(request with { Concurrency = 100, Retries = request.Retries with { MaxRetries = 2 } });

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.All(answers, answer => Assert.NotNull(answer.Reply));
        Assert.InRange(refused, 1, int.MaxValue);
    }

    [Fact]
    public async Task A_server_that_asks_for_hours_is_not_waited_for()
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(429, "{}") { Headers = new Dictionary<string, string> { ["Retry-After"] = "43200" } });

        Assert.Equal((RunStatus.Failed, 1), (came.Run.Status, came.Requests));
        Assert.Contains("wait 12 h", came.Run.StatusReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens")]
    [InlineData("temperature does not support 0 with this model. Only the default (1) value is supported.", "temperature")]
    [InlineData("`n` is not supported", "n")]
    [InlineData("n: Extra inputs are not permitted", "n")]
    public async Task A_field_that_is_refused_is_changed_for_the_whole_run_and_said(string message, string field)
    {
        var json = new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error" } }.ToJsonString();
        var bodies = new List<string>();

        var came = await EveryQuestionAsync((call, _) =>
        {
            lock (bodies) bodies.Add(call.Json.EnumerateObject().Select(f => f.Name).Aggregate((a, b) => $"{a} {b}"));
            return call.Json.TryGetProperty(field, out var _) ? new OddReply(400, json) : null;
        });

        Assert.Equal(RunStatus.Completed, came.Run.Status);
        // Once, by the first question: it is sent alone.
        Assert.Single(bodies, body => body.Split(' ').Contains(field));
        Assert.Equal(field == "max_tokens", bodies[^1].Contains("max_completion_tokens", StringComparison.Ordinal));
        Assert.Contains($"'{field}'", came.Events.Single(e => e.Kind == "request_adapted").Message, StringComparison.Ordinal);
        Assert.Contains("max_tokens", came.Run.Specification.ParametersJson, StringComparison.Ordinal); // what was asked for
    }

    [Fact]
    public async Task A_server_that_only_streams_is_read_to_the_end_of_its_stream()
    {
        const string Stream = """
            : keep-alive

            data: {"id":"s","model":"m","choices":[{"delta":{"role":"assistant","reasoning_content":"hm"}}]}

            data: {"id":"s","choices":[{"delta":{"content":"\\boxed"}}]}

            data: {"id":"s","choices":[{"delta":{"content":"{B}"},"finish_reason":"stop"}]}

            data: {"id":"s","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}

            data: [DONE]


            """;
        var came = await EveryQuestionAsync((call, _) => call.Json.TryGetProperty("stream", out var on) && on.GetBoolean()
            ? new OddReply(200, Stream)
            : new OddReply(400, """{"error":{"message":"This model only supports streaming; set the stream parameter."}}"""));

        Assert.Equal(RunStatus.Completed, came.Run.Status);
        var answer = came.Others[0];
        Assert.Equal(("\\boxed{B}", "hm", "B", "stop", 7L, 3L), (answer.Reply, answer.Reasoning, answer.Letter, answer.FinishReason, answer.Usage.Input, answer.Usage.Output));
    }

    [Fact]
    public async Task What_the_model_thought_is_not_what_it_said()
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(200, """
            {"choices":[{"finish_reason":"stop","message":{"content":[{"type":"reasoning","text":"\\boxed{D}?"},{"type":"text","text":"\\boxed{A}"}]}}]}
            """));

        Assert.Equal(("\\boxed{A}", "\\boxed{D}?", "A"), (came.Answer!.Reply, came.Answer.Reasoning, came.Answer.Letter));
    }

    [Fact]
    public async Task A_redirect_is_followed_on_the_same_host_only()
    {
        var came = await OneQuestionAsync((_, before) => before % 2 == 0
            ? new OddReply(307, "") { Headers = new Dictionary<string, string> { ["Location"] = "/new/v1/chat/completions" } }
            : null);
        Assert.Equal((Outcome.Correct, 2), (came.Answer!.Outcome, came.Requests));

        var away = await EveryQuestionAsync((_, _) => new OddReply(307, "") { Headers = new Dictionary<string, string> { ["Location"] = "http://127.0.0.2:9/v1/chat/completions" } });
        Assert.Equal((RunStatus.Failed, 1), (away.Run.Status, away.Requests));
        Assert.Contains("http://127.0.0.2:9/v1", away.Run.StatusReason, StringComparison.Ordinal);
    }
}
