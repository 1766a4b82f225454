using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Dialects;

/// <summary>
/// What settings make of the request: each server's words for reasoning, fields that are taken out, forms that are known beforehand.
/// </summary>
public sealed class DialectTests
{
    [Theory]
    [InlineData("auto", "low", null, """{"reasoning_effort":"low"}""")]
    [InlineData("openai", "high", null, """{"reasoning_effort":"high"}""")]
    [InlineData("openrouter", "low", null, """{"reasoning":{"effort":"low"}}""")]
    [InlineData("openrouter", null, 2048, """{"reasoning":{"max_tokens":2048}}""")]
    [InlineData("openrouter", null, 0, """{"reasoning":{"enabled":false}}""")]
    [InlineData("gemini", null, 512, """{"extra_body":{"google":{"thinking_config":{"thinking_budget":512}}}}""")]
    [InlineData("anthropic", null, 1024, """{"thinking":{"type":"enabled","budget_tokens":1024}}""")]
    [InlineData("anthropic", null, 0, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("dashscope", null, 100, """{"enable_thinking":true,"thinking_budget":100}""")]
    [InlineData("dashscope", null, 0, """{"enable_thinking":false}""")]
    [InlineData("ark", null, 0, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("glm", null, 0, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("deepseek", null, 0, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("sglang", null, 0, """{"chat_template_kwargs":{"enable_thinking":false}}""")]
    [InlineData("sglang", null, 256, """{"chat_template_kwargs":{"thinking_budget":256,"enable_thinking":true}}""")]
    [InlineData("vllm", "medium", 256, """{"reasoning_effort":"medium","thinking_token_budget":256}""")]
    [InlineData("llamacpp", "low", null, """{"chat_template_kwargs":{"reasoning_effort":"low"}}""")]
    [InlineData("OpenAI+stream", "low", null, """{"reasoning_effort":"low"}""")]
    public void Reasoning_is_spelled_as_the_server_has_it(string dialect, string? effort, int? budget, string body) =>
        Assert.Equal(body, new ReasoningChoice(effort, budget)
            .In(Dialect.Find(dialect)!, (field, message) => Assert.Fail($"{field}: {message}")));

    [Theory]
    [InlineData("auto", null, 100, "thinking_budget")]
    [InlineData("openai", null, 100, "thinking_budget")]
    [InlineData("glm", null, 100, "thinking_budget")]
    [InlineData("anthropic", "low", null, "reasoning_effort")]
    [InlineData("vllm", null, -1, "thinking_budget")]
    [InlineData("openai", "low; high", null, "reasoning_effort")]
    public void What_a_server_has_no_word_for_is_refused(string dialect, string? effort, int? budget, string field)
    {
        var wrong = new List<string>();
        new ReasoningChoice(effort, budget).In(Dialect.Find(dialect)!, (name, _) => wrong.Add(name));
        Assert.Contains(field, wrong);
    }

    [Fact]
    public void Null_takes_a_field_out_and_a_recorded_request_is_sent_as_it_is()
    {
        var own = SamplingParameters.Plain with { ReasoningBody = """{"reasoning_effort":"low"}""", ExtraBody = """{"temperature":null,"n":null,"top_k":5}""" };

        Assert.Equal("""{"max_tokens":16384,"reasoning_effort":"low","top_k":5}""", own.ToJson());
        Assert.Equal(own.ToJson(), new SamplingParameters { Recorded = own.ToJson() }.ToJson());
        Assert.Null(Dialect.Find("esperanto"));
    }

    [Fact]
    public async Task What_a_dialect_changes_is_changed_from_the_first_request_on_and_told()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = new EvaluatorHarness();

        var (run, _) = await evaluator.RunAsync(EvaluatorHarness.Request(server) with
        {
            Dialect = Dialect.Find("openai")!,
            Target = RunTarget.Of(1, 1),
        });

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.All(server.Calls, call => Assert.False(call.Json.TryGetProperty("max_tokens", out _)));
        Assert.All(server.Calls, call => Assert.Equal(16384, call.Json.GetProperty("max_completion_tokens").GetInt32()));
        Assert.Contains("max_tokens", run.Specification.ParametersJson, StringComparison.Ordinal);
        var told = Assert.Single(evaluator.Store.GetEvents(run.Id), noted => noted.Kind == "request_adapted").Message;
        Assert.Equal("Dialect openai has no 'max_tokens': 'max_completion_tokens' is sent from now on.", told);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(200)] // a gateway that has lost the status on its way
    public async Task A_refusal_is_learnt_from_whatever_the_status_and_however_deep_it_stands(int status)
    {
        await using var server = await FakeModelServer.StartAsync((call, context) => call.Json.TryGetProperty("max_tokens", out _)
            ? FakeModelServer.WriteAsync(context, status,
                """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'\"}}"}}}""")
            : FakeModelServer.WriteAsync(context, 200, """{"choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}"""));
        await using var evaluator = new EvaluatorHarness();

        var (run, answers) = await evaluator.RunAsync(EvaluatorHarness.Request(server) with { Target = RunTarget.Of(1, 1) });

        Assert.Equal((RunStatus.Completed, answers.Count + 1), (run.Status, server.Calls.Count));
        Assert.Equal(2, answers[0].Attempts);
    }

    [Theory]
    [InlineData(200, "Temperature is not supported by the findings: \\boxed{A}")] // an answer without its JSON
    [InlineData(200, """{"choices":[{"message":{"content":"The report ends. 'temperature' is not available. So""")] // cut
    [InlineData(400, """{"error":{"code":"content_filter","message":"blocked","details":[{"message":"Temperature is not available"}]}}""")]
    [InlineData(503, """{"error":{"message":"'temperature' is not supported"}}""")] // says nothing of the request
    public async Task Nothing_is_learnt_from_what_blames_no_field(int status, string body)
    {
        var count = 0;
        await using var server = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref count) == 2
            ? FakeModelServer.WriteAsync(context, status, body)
            : FakeModelServer.WriteAsync(context, 200, """{"choices":[{"finish_reason":"stop","message":{"content":"\\boxed{A}"}}]}"""));
        await using var evaluator = new EvaluatorHarness();
        var (run, _) = await evaluator.RunAsync(
            EvaluatorHarness.Request(server) with { Target = RunTarget.Of(2, 1) });

        Assert.All(server.Calls, call => Assert.True(call.Json.TryGetProperty("temperature", out _)));
        Assert.DoesNotContain(evaluator.Store.GetEvents(run.Id), noted => noted.Kind == "request_adapted");
    }

    [Fact]
    public async Task The_published_request_is_never_changed()
    {
        await using var server = await FakeModelServer.StartAsync((_, context) => FakeModelServer.WriteAsync(
            context, 400, """{"error":{"message":"Unsupported parameter: 'max_tokens'","param":"max_tokens","code":"unsupported_parameter"}}"""));
        await using var evaluator = new EvaluatorHarness();

        var (run, _) = await evaluator.RunAsync(EvaluatorHarness.Request(server) with
        {
            Dialect = Dialect.Find("published")!,
            Target = RunTarget.Of(1, 1),
        });

        Assert.Equal(RunStatus.EndedWithFailures, run.Status);
        Assert.True(Assert.Single(server.Calls).Json.TryGetProperty("max_tokens", out _));
    }
}
