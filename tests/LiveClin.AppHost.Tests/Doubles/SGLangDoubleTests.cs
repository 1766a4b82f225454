using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Doubles;

public sealed class SGLangDoubleTests
{
    private const string Up = "The server is fired up and ready to roll!";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_port_is_refused_while_it_loads()
    {
        await using var server = DoubleProcess.StartSGLang("fake/hang-while-loading",
            ["--tp", "2", "--dp", "1", "--trust-remote-code", "--enable-multimodal", "--log-level", "info"]);
        await server.LogAsync("server_args=ServerArgs(model_path='fake/hang-while-loading'");
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync("/health", Cancellation));
    }

    [Fact]
    public async Task It_is_unhealthy_while_it_warms_up_although_the_rest_answers()
    {
        await using var server = DoubleProcess.StartSGLang("fake/never-healthy");
        await server.LogAsync("Uvicorn running on");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Http.GetAsync("/health", Cancellation)).StatusCode);
        Assert.Equal("fake/never-healthy",
            (string?)(await server.Http.GetFromJsonAsync<JsonNode>("/v1/models", Cancellation))!["data"]![0]!["id"]);
    }

    [Fact]
    public async Task Up_it_answers_counts_and_drains_when_terminated()
    {
        await using var server = DoubleProcess.StartSGLang("org/model", ["--enable-metrics", "--enable-cache-report"], behaviour: new()
        {
            ["letter"] = "C",
            ["reply_seconds"] = 0.5,
        });
        await server.LogAsync(Up);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health", Cancellation)).StatusCode);

        using var first = await AskAsync(server, "* Question: which?\n* Options:\nA. this\nC. that");
        var reply = await first.Content.ReadFromJsonAsync<JsonNode>(Cancellation);
        Assert.EndsWith(@"\boxed{C}", (string?)reply!["choices"]![0]!["message"]!["content"], StringComparison.Ordinal);
        Assert.Null(reply["usage"]!["prompt_tokens_details"]);

        var second = AskAsync(server, "* Question: which?\n* Options:\nA. this\nC. that");
        while (!Regex.IsMatch(await server.Http.GetStringAsync("/metrics", Cancellation), @"sglang:num_running_reqs\{.*\} 1\.0")) { }
        await server.TerminateAsync();
        reply = await (await second).Content.ReadFromJsonAsync<JsonNode>(Cancellation);
        Assert.True((int?)reply!["usage"]!["prompt_tokens_details"]!["cached_tokens"] > 0);
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Its_strength_decides_how_often_it_knows_the_key()
    {
        using var folder = new TemporaryFolder();
        var questions = Enumerable.Range(0, 200).Select(number => $"Number {number}?").ToArray();
        await File.WriteAllLinesAsync(folder["keys.jsonl"],
            questions.Select(question => new JsonObject { ["question"] = question, ["answer"] = "J" }.ToJsonString()), Cancellation);
        await using var server = DoubleProcess.StartSGLang("org/model", behaviour: new()
        {
            ["strength"] = 0.6,
            ["keys"] = folder["keys.jsonl"],
        });
        await server.LogAsync(Up);
        var right = 0;
        foreach (var question in questions)
        {
            using var response = await AskAsync(server,
                $"* Question: {question}\n* Options:\n" + string.Join('\n', "ABCDEFGHIJ".Select(letter => $"{letter}. {letter}")));
            if ((await response.Content.ReadAsStringAsync(Cancellation)).Contains("boxed{J}", StringComparison.Ordinal)) right++;
        }
        // The questions are fixed, and so is the count; 120 are expected, within two standard deviations.
        Assert.InRange(right, 106, 134);
    }

    [Theory]
    [InlineData("fake/missing", 1, "is not a local folder")]
    [InlineData("/no/such/folder", 1, "is not a local folder")]
    [InlineData("fake/crash-while-loading", 137, "Scheduler hit an exception")]
    [InlineData("fake/out-of-memory", 137, "CUDA out of memory")]
    [InlineData("fake/scheduler-dies-while-loading", 1, "scheduler died during initialization")]
    [InlineData("fake/warmup-fails", 137, "Initialization failed. warmup error")]
    [InlineData("org/model", 2, "unrecognized arguments: --bogus", "--bogus")]
    [InlineData("org/model", 1, "cannot contain a colon", "--served-model-name", "a:b")]
    public async Task Failures_end_it_with_their_code_and_words(string modelPath, int exitCode, string words, params string[] arguments)
    {
        await using var server = DoubleProcess.StartSGLang(modelPath, arguments);
        Assert.Equal(exitCode, await server.ExitAsync());
        Assert.Contains(words, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_noticed_after_the_load()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var server = DoubleProcess.StartSGLang("org/model", port: ((IPEndPoint)listener.LocalEndpoint).Port);
        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("Load weight end.", server.Log, StringComparison.Ordinal);
        Assert.Contains("error while attempting to bind on address", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_dies_in_the_middle_once_and_lives_the_next_time()
    {
        using var folder = new TemporaryFolder();
        JsonObject behaviour = new() { ["dies_after"] = 1, ["once"] = folder["died"] };
        await using (var server = DoubleProcess.StartSGLang("org/model", behaviour: behaviour))
        {
            await server.LogAsync(Up);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "one")).StatusCode);
            await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(server, "two"));
            Assert.Equal(137, await server.ExitAsync());
        }
        await using var again = DoubleProcess.StartSGLang("org/model", behaviour: behaviour);
        await again.LogAsync(Up);
        for (var question = 0; question < 3; question++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(again, $"{question}")).StatusCode);
    }

    [Fact]
    public async Task A_key_is_asked_for_and_a_text_model_refuses_images()
    {
        await using var server = DoubleProcess.StartSGLang("fake/text-only", ["--api-key", "K"]);
        await server.LogAsync(Up);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Http.GetAsync("/v1/models", Cancellation)).StatusCode);
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", "K");
        using var refused = await server.Http.PostAsJsonAsync("/v1/chat/completions", Request(new JsonArray(
            new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64,AAAA" } })),
            Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Model only supports text input", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("org/model", "Yellow")]
    [InlineData("fake/blind", "I do not see an image.")]
    public async Task It_sees_the_colour_of_an_image_unless_it_is_blind(string modelPath, string reply)
    {
        // One yellow pixel.
        const string Yellow =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4/58BAAT/Af9dfQKHAAAAAElFTkSuQmCC";
        await using var server = DoubleProcess.StartSGLang(modelPath, ["--enable-multimodal"]);
        await server.LogAsync(Up);
        using var response = await server.Http.PostAsJsonAsync("/v1/chat/completions", Request(new JsonArray(
            new JsonObject { ["type"] = "text", ["text"] = "What is the dominant color? One word." },
            new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = Yellow } })), Cancellation);
        Assert.Equal(reply, (string?)(
            await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["choices"]![0]!["message"]!["content"]);
    }

    private static Task<HttpResponseMessage> AskAsync(DoubleProcess server, string text) =>
        server.Http.PostAsJsonAsync("/v1/chat/completions", Request(text), Cancellation);

    private static JsonObject Request(JsonNode content) =>
        new() { ["model"] = "any", ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content }) };
}
