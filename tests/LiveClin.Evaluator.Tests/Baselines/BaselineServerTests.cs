using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Baselines;

public sealed class BaselineServerTests(RunningBaselines server) : IClassFixture<RunningBaselines>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_every_baseline()
    {
        var models = await server.Http.GetFromJsonAsync<JsonObject>("v1/models", Cancellation);
        string[] expected = [.. "ABCDEFGHIJ".Select(letter => $"baseline/always-{letter}"), "baseline/random", "baseline/longest-option",
            "baseline/overlap"];
        Assert.Equal("list", (string)models!["object"]!);
        Assert.Equal(expected, models["data"]!.AsArray().Select(model => (string)model!["id"]!));
        var one = await server.Http.GetFromJsonAsync<JsonObject>("v1/models/baseline/overlap", Cancellation);
        Assert.Equal("baseline/overlap", (string)one!["id"]!);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Is_healthy(string path) => Assert.Equal("Healthy", await server.Http.GetStringAsync(path, Cancellation));

    [Theory]
    [InlineData(GoldenSet.OwnDemo, 8, 0)]
    [PublishedDemoData(34, 4)]
    public async Task Always_A_knows_the_questions_whose_key_is_A(GoldenSet set, int questions, int cases) =>
        Assert.Equal((questions, cases), await ScoreRecordedConversationsAsync("baseline/always-A", set));

    [Theory]
    [InlineData("baseline/random")]
    [InlineData("baseline/longest-option")]
    [InlineData("baseline/overlap")]
    public async Task Gives_the_same_scores_every_time(string model) =>
        Assert.Equal(await ScoreRecordedConversationsAsync(model), await ScoreRecordedConversationsAsync(model));

    [Fact]
    public async Task Random_uses_all_letters_offered_and_no_other()
    {
        var letters = new HashSet<string>();
        for (var i = 0; i < 100; i++) letters.Add(await AskAsync("baseline/random", Prompt($"question {i}", "one", "two", "three")));
        Assert.Equal(["\\boxed{A}", "\\boxed{B}", "\\boxed{C}"], letters.Order());
    }

    [Fact]
    public async Task Random_depends_on_the_question_and_not_on_what_was_said_before()
    {
        var last = Prompt("the question", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
        var expected = await AskAsync("baseline/random", last);
        for (var i = 0; i < 10; i++)
            Assert.Equal(expected, await AskAsync("baseline/random", $"* Scenario: {i}\n\n{Prompt("x", "y")}", last));
    }

    [Fact]
    public async Task Always_gives_its_letter_also_when_it_is_not_offered() =>
        Assert.Equal("\\boxed{J}", await AskAsync("baseline/always-J", Prompt("q", "one", "two")));

    [Theory]
    [InlineData("C", "short", "middle one", "the longest of all")]
    [InlineData("A", "same", "size", "also")]
    [InlineData("B", "one line", "two\nlines here", "x")]
    public async Task Longest_option_is_the_longest_and_else_the_earlier(string letter, params string[] options) =>
        Assert.Equal($"\\boxed{{{letter}}}", await AskAsync("baseline/longest-option", Prompt("q", options)));

    [Fact]
    public async Task Overlap_counts_the_words_of_question_and_scenario()
    {
        const string Scenario = "* Scenario: A boy with fever and a Rash on both hands.\n* Figures:\nFigure 1 pancreas\n\n";
        // B shares "rash" and "hands" with the scenario, C only "treatment" with the question; figures are no part of it.
        var question = Prompt("Which treatment?", "Pancreas figure", "rash, HANDS!", "treatment of gout");
        Assert.Equal("\\boxed{B}", await AskAsync("baseline/overlap", Scenario + question));
        // The scenario still counts in later turns, and ties go to the earlier letter.
        Assert.Equal("\\boxed{B}", await AskAsync("baseline/overlap", Scenario + Prompt("first?", "x"), question));
        Assert.Equal("\\boxed{C}", await AskAsync("baseline/overlap", question));
        Assert.Equal("\\boxed{A}", await AskAsync("baseline/overlap", Prompt("Which?", "none", "neither")));
    }

    [Theory]
    [InlineData("baseline/always-A")]
    [InlineData("baseline/random")]
    [InlineData("baseline/overlap")]
    public async Task Admits_that_it_cannot_see(string model) =>
        Assert.Equal("\\boxed{A}", await AskAsync(model, "What is the dominant colour of this image? Answer in one word."));

    [Fact]
    public async Task Takes_large_images_without_reading_them()
    {
        var image = "data:image/png;base64," + new string('A', 30 << 20);
        var response = await PostAsync(
            Request("baseline/overlap", Part("text", Prompt("rash?", "no", "rash")), Part("image_url", image), Part("image_url", image)));
        var completion = await ReadAsync(response, HttpStatusCode.OK);
        Assert.Equal("\\boxed{B}", (string)completion["choices"]![0]!["message"]!["content"]!);
        var usage = completion["usage"]!;
        Assert.InRange((int)usage["prompt_tokens"]!, 2 * 500, 2 * 700);
        Assert.Equal((int)usage["prompt_tokens"]! + (int)usage["completion_tokens"]!, (int)usage["total_tokens"]!);
    }

    [Fact]
    public async Task Streams_as_the_api_does()
    {
        var request = Request("baseline/always-C", Part("text", "x"));
        request["stream"] = true;
        request["stream_options"] = new JsonObject { ["include_usage"] = true };
        using var response = await PostAsync(request);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = (await response.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        var chunks = events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!).ToList();
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", (string)chunk["object"]!));
        Assert.Equal("\\boxed{C}",
            string.Concat(chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => (string?)choice!["delta"]!["content"])));
        Assert.Equal("stop", (string)chunks[^2]["choices"]![0]!["finish_reason"]!);
        Assert.Equal(5, (int)chunks[^1]["usage"]!["completion_tokens"]!);
    }

    [Theory]
    [InlineData("""{"model":"baseline/rando""", 400, null, null)]
    [InlineData("", 400, null, null)]
    [InlineData("[]", 400, null, null)]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "model", null)]
    [InlineData("""{"model":"baseline/random"}""", 400, "messages", null)]
    [InlineData("""{"model":"baseline/random","messages":[]}""", 400, "messages", null)]
    [InlineData("""{"model":"baseline/random","messages":[{"content":"x"}]}""", 400, "messages[0].role", null)]
    [InlineData("""{"model":"baseline/random","messages":[{"role":"user","content":7}]}""", 400, "messages[0].content", null)]
    [InlineData("""{"model":"baseline/random","messages":[{"role":"user","content":"x"}],"n":0}""", 400, "n", null)]
    [InlineData("""{"model":"baseline/random","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", 400, "stream", null)]
    [InlineData("""{"model":"gpt-5","messages":[{"role":"user","content":"x"}]}""", 404, "model", "model_not_found")]
    public async Task Refuses_in_the_shape_of_the_api(string body, int status, string? parameter, string? code)
    {
        using var response = await server.Http.PostAsync("v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"),
            Cancellation);
        var error = (await ReadAsync(response, (HttpStatusCode)status))["error"]!;
        Assert.Equal(("invalid_request_error", parameter, code), ((string)error["type"]!, (string?)error["param"], (string?)error["code"]));
        Assert.NotEqual("", (string)error["message"]!);
    }

    [Fact]
    public async Task Refuses_too_much_text()
    {
        using var response = await PostAsync(Request("baseline/random", Part("text", new string('x', 17 << 20))));
        Assert.Equal("request_too_large", (string)(await ReadAsync(response, HttpStatusCode.RequestEntityTooLarge))["error"]!["code"]!);
    }

    [Fact]
    public async Task Knows_no_other_address()
    {
        using var response = await server.Http.GetAsync("v1/embeddings", Cancellation);
        Assert.Equal("unknown_url", (string)(await ReadAsync(response, HttpStatusCode.NotFound))["error"]!["code"]!);
    }

    // Replays the prompts that the published implementation sent.
    private async Task<(int Questions, int Cases)> ScoreRecordedConversationsAsync(string model, GoldenSet set = GoldenSet.OwnDemo)
    {
        var turns = File.ReadLines(set.Recording("transcript-mock-a.jsonl")).Select(line => JsonNode.Parse(line)!);
        var (questions, cases) = (0, 0);
        foreach (var conversation in turns.GroupBy(turn => (string)turn["case_file"]!))
        {
            List<string> prompts = [];
            var allRight = true;
            foreach (var turn in conversation)
            {
                prompts.Add((string)turn["prompt"]!);
                var right = await AskAsync(model, [.. prompts]) == $"\\boxed{{{turn["correct_answer"]}}}";
                questions += right ? 1 : 0;
                allRight &= right;
            }

            cases += allRight ? 1 : 0;
        }

        return (questions, cases);
    }

    private async Task<string> AskAsync(string model, params string[] userMessages)
    {
        var messages = userMessages.Select(text => new JsonObject { ["role"] = "user", ["content"] = text }).ToArray<JsonNode>();
        using var response = await PostAsync(new JsonObject { ["model"] = model, ["messages"] = new JsonArray(messages) });
        var completion = await ReadAsync(response, HttpStatusCode.OK);
        Assert.Equal("stop", (string)completion["choices"]![0]!["finish_reason"]!);
        return (string)completion["choices"]![0]!["message"]!["content"]!;
    }

    private static string Prompt(string question, params string[] options) =>
        $"* Question: {question}\n* Options:\n{string.Join('\n', options.Select((text, i) => $"{(char)('A' + i)}. {text}"))}\n\n" +
        "Please provide the letter of the correct option, formatted as \\boxed{LETTER} (e.g., \\boxed{A}).";

    private static JsonObject Request(string model, params JsonNode[] parts) =>
        new() { ["model"] = model, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(parts) }) };

    private static JsonObject Part(string type, string value) =>
        new() { ["type"] = type, [type] = type == "text" ? value : new JsonObject { ["url"] = value } };

    private Task<HttpResponseMessage> PostAsync(JsonObject body) =>
        server.Http.PostAsync("v1/chat/completions", JsonContent.Create(body), Cancellation);

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {body}");
        return JsonNode.Parse(body)!;
    }
}
