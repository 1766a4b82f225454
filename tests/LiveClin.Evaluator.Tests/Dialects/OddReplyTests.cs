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
    [InlineData(400, """{"error":{"message":"cut \ud83d","code":"content_filter"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"x","score":NaN,"code":"content_filter"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, "\uFEFF{\"error\":{\"message\":\"x\",\"code\":\"content_filter\"}}", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, "{\"error\":{\"message\":\"x\ty\",\"code\":\"content_filter\"}}\0\0", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, "id:1\nevent:error\n:HTTP_STATUS/400\ndata:{\"code\":\"DataInspectionFailed\",\"message\":\"x\"}\n\n", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, "{\"error\":{\"score\":NaN,\"message\":\"x\ty\",\"code\":\"content_filter\"}}\0\n", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, "event:error\ndata:{\"code\":\"DataInspectionFailed\",\"message\":\"x\"}\n\n", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"no\",\"code\":\"content_filter\"}}","provider_name":"Azure"}}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"code\":\"content_f"}}}""", Outcome.Failed, "http_400", 1)]
    [InlineData(400, """{"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"x","provider_specific_fields":{"innererror":{"code":"ResponsibleAIPolicyViolation"}}}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(451, """{"error":{"message":"x","type":"censorship_blocked"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(404, """{"error":{"message":"No endpoint takes images"}}""", Outcome.Failed, "http_404", 1)]
    [InlineData(400, """{"code":"DataInspectionFailed","message":"Output data may contain inappropriate content."}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"x","code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"code":"InputTextSensitiveContentDetected.PolicyViolation","message":"x"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"code":"InputTextRiskDetection","message":"x"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"the content_filter field is unknown here"}}""", Outcome.Failed, "http_400", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"Safety","message":{"content":null}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"content_filter: SPII","message":{"content":""}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[],"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false},"violence":{"filtered":true}}}]}""",
        Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"stop","message":{"content":""}}],"input_sensitive":true,"output_sensitive":false}""",
        Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}],\"output_sensitive\":true}\n\n",
        Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"ERROR_TOXIC","message":{"content":""}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, "data: {\"choices\":[{\"delta\":{\"content\":\"%\"},\"finish_reason\":{\"type\":\"abort\"}}]}\n\ndata: [DONE]\n\n",
        Outcome.Failed, "broken_off", All)]
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
    [InlineData(200, """{"choices":[{"finish_reason":"stop","native_finish_reason":"SAFETY","message":{"content":""}}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":null,"native_finish_reason":"refusal","message":{"content":null}}]}""", Outcome.Refused, "refusal", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"stop","native_finish_reason":"STOP","message":{"content":""}}]}""", Outcome.Failed, "empty_reply", All)]
    [InlineData(206, """{"choices":[{"finish_reason":"stop","message":{"content":"%"}}]}""", Outcome.Failed, "http_206", All)]
    [InlineData(204, "", Outcome.Failed, "malformed_reply", All)]
    [InlineData(202, """{"status":"queued"}""", Outcome.Failed, "server_error", All)]
    [InlineData(499, "{}", Outcome.Failed, "http_499", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"stop","message":{"content":[{"type":"refusal","refusal":"I cannot"}]}}]}""", Outcome.Refused, "refusal", 1)]
    [InlineData(200, "data: {\"choices\":[],\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, "data: {\"choices\":[{\"delta\":{\"content\":\"%\"},\"finish_reason\":\"stop\",\"error\":{\"code\":502,\"message\":\"gone\"}}]}\n\n",
        Outcome.Failed, "server_error", All)]
    [InlineData(200, "data: {\"choices\":[{\"delta\":{\"content\":\"%\"},\"finish_reason\":\"null\"}]}\n\ndata: [DONE]\n\n",
        Outcome.Failed, "broken_off", All)]
    [InlineData(200, """{"error":{"code":404,"message":"gone"}}""", Outcome.Failed, "http_404", 1)]
    [InlineData(400, """{"error":{"message":"x","type":"new_api_error","code":"sensitive_words_detected"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"x","status":"PROHIBITED_CONTENT"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(413, """{"error":{"message":"too large","type":"tokens","code":"rate_limit_exceeded"}}""", Outcome.Failed, "http_413", 1)]
    [InlineData(424, """{"error":"failed during generation","error_type":"generation"}""", Outcome.Failed, "http_424", All)]
    [InlineData(403, """{"code":"x","error":"The model said: Your team has used all available credits"}""", Outcome.Failed, "http_403", 1)]
    [InlineData(400, """{"error":{"message":"No: Incorrect API key provided, see console.x.ai"}}""", Outcome.Failed, "http_400", 1)]
    // Gemini leaves the message out; Azure tells of its filter in the choice.
    [InlineData(200, """{"choices":[{"index":0,"finish_reason":"content_filter"}]}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"length","message":null}]}""", Outcome.Truncated, "empty_reply", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":null,"native_finish_reason":"MAX_TOKENS","message":{"content":""}}]}""", Outcome.Truncated, "empty_reply", 1)]
    [InlineData(200, """{"choices":[{"finish_reason":"stop","message":{"content":""},"content_filter_results":{"hate":{"filtered":false},"violence":{"filtered":true}}}]}""",
        Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[],"prompt_feedback":{"block_reason":"OTHER"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(200, """{"choices":[{"index":0,"finish_reason":"stop"}]}""", Outcome.Failed, "malformed_reply", All)]
    [InlineData(200, """{"choices":[{"finish_reason":null,"delta":{"content":"%"}}]}""", Outcome.Failed, "malformed_reply", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"stop","message":{"content":"%","error":{"message":"gone"}}}]}""", Outcome.Failed, "server_error", All)]
    [InlineData(200, """{"errors":[{"message":"gone"}],"choices":[{"finish_reason":"stop","message":{"content":"%"}}]}""", Outcome.Failed, "server_error", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"cancel","message":{"content":"%"}}]}""", Outcome.Failed, "broken_off", All)]
    [InlineData(200, """{"choices":[{"finish_reason":"upstream_failure","message":{"content":"%"}}]}""", Outcome.Failed, "broken_off", All)]
    [InlineData(200, """{"error":{"code":400,"message":"The context has 4096 tokens"}}""", Outcome.Failed, "http_400", 1)]
    // Anthropic · LiteLLM · new-api · the provider's error as the text of a gateway's
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"litellm.BadRequestError: litellm.ContentPolicyViolationError: AzureException - no","type":null,"param":null,"code":"400"}}""",
        Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"Content Exists Risk (request id: 7)","type":"upstream_error","code":"invalid_request_error"}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Content Exists Risk\"}}"}}}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error_code":"BAD_REQUEST","message":"{\"external_model_error\":{\"error\":{\"code\":\"content_filter\"}}}"}""", Outcome.Filtered, "content_filter", 1)]
    [InlineData(400, """{"error":{"message":"The text said: Output blocked by content filtering policy"}}""", Outcome.Failed, "http_400", 1)]
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
    [InlineData("\"null\"")]
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
    [InlineData(400, """{"__type":"ThrottlingException","message":"Too many requests"}""")]
    [InlineData(403, """{"error":{"code":403,"message":"x","errors":[{"reason":"rateLimitExceeded"}]}}""")]
    [InlineData(500, """{"error":{"code":"429","message":"litellm.RateLimitError","type":"throttling_error"}}""")]
    [InlineData(424, "{}")]
    [InlineData(498, "{}")]
    [InlineData(200, """{"choices":null,"base_resp":{"status_code":1039,"status_msg":"TPM"}}""")]
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
    [InlineData(429, "data: {\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}\n\n",
        "The account has no credit or quota left")]
    [InlineData(429, """{"error":{"message":"cut \ud83d","type":"insufficient_quota"}}""", "The account has no credit or quota left")]
    [InlineData(403, """{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}""", "The account has no credit or quota left")]
    [InlineData(403, """{"code":403,"reason":"NOT_ENOUGH_BALANCE","message":"not enough balance","metadata":{}}""", "The account has no credit or quota left")]
    [InlineData(400, """{"error":{"message":"The model `m` has been decommissioned","type":"invalid_request_error","code":"model_decommissioned"}}""", "decommissioned")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}""", "The account has no credit or quota left")]
    [InlineData(429, """[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x","details":[{"a":1},{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}]""", "no credit or quota left")]
    [InlineData(400, """[{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"API key not valid","details":[{"reason":"API_KEY_INVALID"}]}}]""", "The server refuses the API key")]
    [InlineData(200, """{"choices":null,"base_resp":{"status_code":1004,"status_msg":"login fail"}}""", "The server refuses the API key")]
    [InlineData(403, """{"code":"The caller does not have permission to execute the specified operation","error":"Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai/team/1."}""", "The account has no credit or quota left")]
    [InlineData(429, """{"code":"exhausted","error":"Your team 1-2 has either used all available credits or reached its monthly spending limit. To continue, purchase more."}""", "The account has no credit or quota left")]
    [InlineData(400, """{"code":"Client specified an invalid argument","error":"Incorrect API key provided: ab***cd. You can obtain an API key from https://console.x.ai."}""", "The server refuses the API key")]
    [InlineData(404, "{}", "does not know the model")]
    [InlineData(402, """{"error":{"message":"no credit left"}}""", "no credit left")]
    [InlineData(429, """{"error":{"message":"over","type":"insufficient_quota"}}""", "no credit or quota left")]
    [InlineData(410, """{"error":{"message":"retired"}}""", "retired")]
    [InlineData(200, """{"choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}""", "insufficient balance")]
    [InlineData(200, """{"error":{"code":401,"message":"No auth credentials found"}}""", "refuses the API key")]
    [InlineData(200, """{"error":{"code":404,"message":"no such model"}}""", "does not know the model")]
    [InlineData(412, """{"error":{"code":"PRECONDITION_FAILED","message":"Account x is suspended"}}""", "Account x is suspended")]
    [InlineData(400, """{"error":{"message":"Budget has been exceeded!","type":"budget_exceeded","code":"400"}}""", "no credit or quota left")]
    [InlineData(403, """{"error":{"message":"x","type":"new_api_error","code":"pre_consume_token_quota_failed"}}""", "no credit or quota left")]
    [InlineData(429, """{"error":{"code":"1308","message":"Usage limit reached for 5 hour"}}""", "no credit or quota left")]
    [InlineData(429, """[{"error":{"code":429,"message":"x","details":[{"@type":"RetryInfo","retryDelay":"40000s"}]}}]""", "asks to wait 11.1 h")]
    [InlineData(200, "<!doctype html><title>Open UI</title>", "web page; is the base URL right? It begins: <!doctype html>")]
    public async Task As_the_first_of_all_it_stops_the_run_after_one_request(int status, string body, string words)
    {
        var came = await EveryQuestionAsync((_, _) => new OddReply(status, body));

        Assert.Equal((RunStatus.Failed, 1), (came.Run.Status, came.Requests));
        Assert.Contains(words, came.Run.StatusReason, StringComparison.Ordinal);
        Assert.Equal(0, came.Kept);
    }

    [Theory]
    [InlineData("{\\\"error\\\":{\\\"message\\\":\\\"The image has 0 pixels\\\"}}")]
    [InlineData("The image has 0 pixels")]
    public async Task What_the_provider_behind_a_gateway_says_is_told(string raw)
    {
        var body = """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"%"}}}""";
        var came = await OneQuestionAsync((_, _) => new OddReply(400, body.Replace("%", raw, StringComparison.Ordinal)));

        Assert.Equal("HTTP 400: Provider returned error: The image has 0 pixels", came.Answer!.ErrorMessage);
    }

    [Theory]
    [InlineData(0, RunStatus.Failed)]
    [InlineData(1, RunStatus.EndedWithFailures)] // it can write
    public async Task A_model_that_writes_nothing_to_anything_stops_the_run(int answered, RunStatus status)
    {
        var nothing = new OddReply(200, """{"choices":[{"finish_reason":"stop","message":{"content":null,"reasoning_content":"A?"}}]}""");
        var came = await EveryQuestionAsync((_, before) => before < answered ? null : nothing);

        Assert.Equal((status, answered), (came.Run.Status, came.Kept));
        if (answered > 0) return;
        Assert.Contains("the model wrote nothing to any of 10 questions", came.Run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_empty_replies_have_stopped_goes_further_with_each_start()
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var mute = release.Cases.Take(12).Select(clinicalCase => clinicalCase.Questions[0].Text).ToList();
        await using var server = await FakeModelServer.StartAsync((call, context) => mute.Exists(call.LastText.Contains)
            ? FakeModelServer.WriteAsync(context, 200, """{"choices":[{"finish_reason":"stop","message":{"content":""}}]}""")
            : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);
        request = request with { Concurrency = 1, Retries = request.Retries with { MaxRetries = 0 } };

        var (run, answers) = await evaluator.RunAsync(request);
        Assert.Equal((RunStatus.Failed, 10), (run.Status, answers.Count(answer => answer.ErrorKind == "empty_reply")));
        (run, answers) = await evaluator.RunAsync(request);
        Assert.Equal((RunStatus.EndedWithFailures, 12), (run.Status, answers.Count(answer => answer.ErrorKind == "empty_reply")));
        Assert.Contains(answers, answer => answer.Reply is not null);
    }

    [Fact]
    public async Task Where_every_question_is_refused_alike_the_tenth_stops_the_run()
    {
        var came = await EveryQuestionAsync((_, before) => before < 1 ? null : new OddReply(400, """{"error":{"message":"no images, please"}}"""));

        Assert.Equal(RunStatus.Failed, came.Run.Status);
        Assert.Contains("10 requests in a row failed alike, with no answer between them: HTTP 400: no images, please",
            came.Run.StatusReason, StringComparison.Ordinal);
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
                // The first window lasts until it is full: on a slow machine the first requests come one by one.
                var now = refused == 0 ? 0 : Environment.TickCount64 / 250;
                (window, inWindow) = now == window ? (window, inWindow + 1) : (now, 1);
                if (isRefused = inWindow > PerWindow) refused++;
            }

            if (!isRefused) return FakeModelServer.ReplyAsync(context, "\\boxed{A}");
            context.Response.Headers["retry-after-ms"] = "250";
            return FakeModelServer.WriteAsync(context, 429, "{}");
        });
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);

        var (run, answers) = await evaluator.RunAsync(request with
        {
            Concurrency = 100,
            Retries = request.Retries with { MaxRetries = 2 },
        });

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.All(answers, answer => Assert.NotNull(answer.Reply));
        Assert.InRange(refused, 1, int.MaxValue);
    }

    [Theory]
    [InlineData("43200", "wait 12 h")]
    [InlineData("259200", "wait 3 days")]
    [InlineData("2592000", "wait 30 days or more")]
    [InlineData("Fri, 31 Dec 2151 23:59:59 GMT", "wait 30 days or more")]
    public async Task A_server_that_asks_for_hours_is_not_waited_for(string asked, string words)
    {
        var came = await EveryQuestionAsync((_, _) => new OddReply(429, "{}")
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = asked },
        });

        Assert.Equal((RunStatus.Failed, 1), (came.Run.Status, came.Requests));
        Assert.Contains(words, came.Run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_by_the_day_stops_the_run_at_once_though_others_were_answered()
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(429, "{}")
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "43200" },
        });

        Assert.Equal((RunStatus.Failed, 1, null), (came.Run.Status, came.Requests, came.Answer));
        Assert.Contains("asks to wait 12 h", came.Run.StatusReason, StringComparison.Ordinal);
        Assert.NotEmpty(came.Others);
        Assert.All(came.Others, answer => Assert.Equal(Outcome.Correct, answer.Outcome));
    }

    [Fact]
    public async Task One_header_that_asks_for_a_month_stops_nothing_as_long_as_others_are_answered()
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(429, "{}")
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "2592000" },
        });

        Assert.Equal((RunStatus.EndedWithFailures, "http_429"), (came.Run.Status, came.Answer!.ErrorKind));
        Assert.Contains("asks to wait 30 days or more", came.Answer.ErrorMessage, StringComparison.Ordinal);
        Assert.All(came.Others, answer => Assert.Equal(Outcome.Correct, answer.Outcome));

        var later = await EveryQuestionAsync((_, before) => before < 3 ? null
            : new OddReply(429, "{}") { Headers = new Dictionary<string, string> { ["Retry-After"] = "43200" } });
        Assert.Equal((RunStatus.Failed, 3), (later.Run.Status, later.Kept));
        Assert.Contains("asks to wait 12 h", later.Run.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_choice_with_index_0_counts_wherever_it_stands()
    {
        var came = await OneQuestionAsync((_, _) => new OddReply(200, """
            {"choices":[{"index":1,"message":{"content":"\\boxed{D}"}},{"index":0,"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}
            """));
        Assert.Equal(("\\boxed{A}", "stop"), (came.Answer!.Reply, came.Answer.FinishReason));
    }

    [Fact]
    public async Task What_is_nested_without_end_is_said_in_words()
    {
        var deep = $$"""{"choices":[{"message":{"content":"\\boxed{A}"},"x":{{new string('[', 300)}}{{new string(']', 300)}}}]}""";
        var came = await OneQuestionAsync((_, _) => new OddReply(200, deep));
        Assert.Equal("malformed_reply", came.Answer!.ErrorKind);
        Assert.Contains("it is nested deeper than 256 levels", came.Answer.ErrorMessage, StringComparison.Ordinal);

        var hundred = await OneQuestionAsync((_, _) =>
            new OddReply(200, deep.Replace(new string('[', 200), "", StringComparison.Ordinal)
            .Replace(new string(']', 200), "", StringComparison.Ordinal)));
        Assert.Equal("\\boxed{A}", hundred.Answer!.Reply);
    }

    [Fact]
    public async Task A_reply_that_comes_as_created_is_one()
    {
        var came = await OneQuestionAsync((_, _) =>
            new OddReply(201, """{"choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}"""));

        Assert.Equal((Outcome.Correct, 1), (came.Answer!.Outcome, came.Requests));
    }

    [Theory]
    [InlineData("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens")]
    [InlineData("temperature does not support 0 with this model. Only the default (1) value is supported.", "temperature")]
    [InlineData("`n` is not supported", "n")]
    [InlineData("n: Extra inputs are not permitted", "n")]
    public async Task A_field_that_is_refused_is_changed_for_the_whole_run_and_said(string message, string field)
    {
        var json = new JsonObject { ["error"] =
            new JsonObject { ["message"] = message, ["type"] = "invalid_request_error" } }.ToJsonString();
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
    public async Task A_server_that_only_streams_may_not_know_what_is_asked_of_the_stream()
    {
        var came = await EveryQuestionAsync((call, _) => !call.Json.TryGetProperty("stream", out var _)
            ? new OddReply(400, """{"error":{"message":"This model only supports streaming."}}""")
            : call.Json.TryGetProperty("stream_options", out var _)
            ? new OddReply(400, """{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}""")
            : new OddReply(200, "data: {\"choices\":[{\"delta\":{\"content\":\"\\\\boxed{A}\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));

        Assert.Equal(RunStatus.Completed, came.Run.Status);
        Assert.Equal(2, came.Events.Count(e => e.Kind == "request_adapted"));
        Assert.All(came.Others, answer => Assert.Equal("\\boxed{A}", answer.Reply));
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
        Assert.Equal(("\\boxed{B}", "hm", "B", "stop", 7L, 3L),
            (answer.Reply, answer.Reasoning, answer.Letter, answer.FinishReason, answer.Usage.Input, answer.Usage.Output));
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

        var away = await EveryQuestionAsync((_, _) => new OddReply(307, "")
        {
            Headers = new Dictionary<string, string> { ["Location"] = "http://127.0.0.2:9/v1/chat/completions" },
        });
        Assert.Equal((RunStatus.Failed, 1), (away.Run.Status, away.Requests));
        Assert.Contains("http://127.0.0.2:9/v1", away.Run.StatusReason, StringComparison.Ordinal);

        var around = await EveryQuestionAsync((_, _) => new OddReply(307, "")
        {
            Headers = new Dictionary<string, string> { ["Location"] = "/v1/chat/completions" },
        });
        Assert.Equal((RunStatus.Failed, 1 + 5), (around.Run.Status, around.Requests));
        Assert.Contains("redirects in a circle, in the end to /v1/chat/completions on itself", around.Run.StatusReason,
            StringComparison.Ordinal);
    }
}
