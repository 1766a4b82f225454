using System.Net;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.Service;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>What the pages answer to plain HTTP: numbers without scripts, nothing from other machines, files that can do no harm.</summary>
public sealed class PagesTests
{
    private const int MostLooks = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static HttpClient Client(RunningPages pages) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = pages.Url };

    [Fact]
    public async Task The_first_response_of_every_page_has_its_heading_and_a_policy_without_other_origins()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        using var http = Client(pages);
        foreach (var (path, heading) in Sample.Pages)
        {
            using var response = await http.GetAsync(path, Stop);
            var html = await response.Content.ReadAsStringAsync(Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains(heading, html, StringComparison.Ordinal);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("text/html", "There is no such page")]
    [InlineData("application/json", "")]
    public async Task An_address_that_is_none_is_told_to_readers_in_words(string accepted, string expected)
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        using var http = Client(pages);
        http.DefaultRequestHeaders.Add("Accept", accepted);
        using var response = await http.GetAsync("/nowhere", Stop);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(expected.Length == 0, text.Length == 0);
    }

    [Theory]
    [InlineData("good", true)]
    [InlineData("silent", false)]
    public async Task A_model_without_a_reply_gets_no_balanced_accuracy(string model, bool expected)
    {
        var evaluator = Sample.Evaluator();
        evaluator.AddRun("4", "silent", (0, 0, Outcome.Failed, null), (1, 0, Outcome.Failed, null));
        await using var pages = await RunningPages.StartAsync(evaluator);
        using var http = Client(pages);
        string html;
        do html = await http.GetStringAsync($"/model?name={model}", Stop);
        while (!html.Contains("Worst to best", StringComparison.Ordinal));
        Assert.Equal(expected, html.Contains("key letters counts alike", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "good was asked at more than one address: http://elsewhere/v1 (3 answers), http://here/v1 (1 answers)")]
    [InlineData("/model?name=good", "http://elsewhere/v1 (3 answers), http://here/v1 (1 answers)")]
    [InlineData("/runs", "at more than one address")]
    [InlineData("/live?run=1", "Answers until now came from http://here/v1")]
    [InlineData("/v1/report?format=html", "good was asked at more than one address")]
    [InlineData("/v1/report?format=markdown", "good was asked at more than one address")]
    [InlineData("/v1/report?format=json", "good was asked at more than one address")]
    public async Task A_run_that_was_continued_at_another_address_says_so_wherever_its_results_are(string path, string words)
    {
        var evaluator = Sample.Evaluator();
        foreach (var answer in evaluator.Answers.Where(answer => answer.RunId == "1")) answer.Endpoint = "http://elsewhere/v1";
        evaluator.Answers.First(answer => answer.RunId == "1").Endpoint = "http://here/v1";
        evaluator.Runs.First(run => run.Id == "1").Events.Add(
            new RunEvent { Kind = "endpoint_changed",
                Message = "Answers until now came from http://here/v1, further ones come from http://elsewhere/v1." });
        await using var pages = await RunningPages.StartAsync(evaluator);
        using var http = Client(pages);
        string text;
        do text = WebUtility.HtmlDecode(await http.GetStringAsync(path, Stop));
        while (text.Contains("Loading", StringComparison.Ordinal));
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulated_examinees_are_named_as_such_with_their_truth_and_take_no_rank()
    {
        var evaluator = Sample.Evaluator();
        evaluator.AddRun("4", "simulated/knows-50", (0, 0, Outcome.Correct, "\\boxed{A}"), (0, 1, Outcome.Wrong, "\\boxed{B}"),
            (1, 0, Outcome.Wrong, "\\boxed{B}"), (1, 1, Outcome.Correct, "\\boxed{A}"));
        await using var pages = await RunningPages.StartAsync(evaluator);
        using var http = Client(pages);
        foreach (var (path, truth) in new[] { ("/", "true: 50.0"),
            ("/model?name=simulated%2Fknows-50", "true on this release: 2/4 (50.0 %) of the questions") })
        {
            string html;
            do html = WebUtility.HtmlDecode(await http.GetStringAsync(path, Stop));
            while (html.Contains("aria-busy", StringComparison.Ordinal) || !html.Contains("simulated/knows-50", StringComparison.Ordinal)
                || !html.Contains("</table>", StringComparison.Ordinal));
            Assert.Contains(">simulated</span>", html, StringComparison.Ordinal);
            Assert.Contains(truth, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_file_that_a_page_names_is_there_and_kept_by_browsers()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        using var http = Client(pages);
        var html = await http.GetStringAsync("/", Stop);
        var files = System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"(/assets/[^\"]+)\"")
            .Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Append("/assets/OpenSans-SemiBold.ttf").ToList();
        Assert.True(files.Count >= 7, string.Join(' ', files));
        foreach (var file in files)
        {
            using var response = await http.GetAsync(file, Stop);
            Assert.True(response.IsSuccessStatusCode, file);
            Assert.True(response.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300), file);
        }
    }

    [Fact]
    public async Task Images_come_from_the_evaluator_by_hash_and_can_do_nothing_on_their_own()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        using var http = Client(pages);
        using var image = await http.GetAsync("/images/" + EvaluatorDouble.ImageHash, Stop);
        Assert.Equal("image/png", image.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0x89, .. "PNG"u8], (await image.Content.ReadAsByteArrayAsync(Stop))[..4]);
        Assert.StartsWith("sandbox", Assert.Single(image.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/images/" + new string('b', 64), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/images/..%2f..%2fetc%2fpasswd", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_whole_reply_is_plain_text()
    {
        var evaluator = Sample.Evaluator();
        evaluator.AddRun("9", "hostile", (0, 0, Outcome.Wrong, "<script>alert(1)</script>"));
        await using var pages = await RunningPages.StartAsync(evaluator);
        using var http = Client(pages);
        using var reply = await http.GetAsync("/replies/9/0/0", Stop);
        Assert.Equal("text/plain; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
        Assert.Equal("<script>alert(1)</script>", await reply.Content.ReadAsStringAsync(Stop));
        Assert.StartsWith("sandbox", Assert.Single(reply.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/replies/9/0/1", Stop)).StatusCode);
    }

    [Theory]
    [InlineData(true, "No runs yet", "dotnet run --project LiveClin.AppHost")]
    [InlineData(false, "The evaluator cannot be reached", "dotnet run --project LiveClin.Evaluator")]
    public async Task Without_results_the_pages_say_what_to_do_next(bool withEvaluator, string title, string command)
    {
        await using var pages = await RunningPages.StartAsync(new EvaluatorDouble(), withEvaluator);
        using var http = Client(pages);
        foreach (var path in new[] { "/", "/compare", "/cases", "/slices", "/items", "/cost" })
        {
            // The first call may still be on its way when the first response is sent; the next one finds it answered.
            var html = await http.GetStringAsync(path, Stop);
            for (var look = 0; look < MostLooks && !html.Contains(title, StringComparison.Ordinal); look++)
                html = await http.GetStringAsync(path, Stop);
            Assert.Contains(title, html, StringComparison.Ordinal);
            Assert.Contains(command, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Results_are_loaded_before_anybody_asks_also_when_the_evaluator_is_there_later()
    {
        var evaluator = Sample.Evaluator();
        evaluator.IsAway = true;
        await using var pages = await RunningPages.StartAsync(evaluator);
        while (evaluator.Refused == 0) await Task.Delay(20, Stop);
        Assert.Equal(0, evaluator.AnswerStreams);
        evaluator.IsAway = false;
        while (evaluator.AnswerStreams == 0) await Task.Delay(20, Stop);
    }

    [Fact]
    public async Task Plots_are_files_in_both_formats_and_an_unknown_one_names_those_there_are()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        using var http = Client(pages);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/plots/published.svg", Stop)).StatusCode); // belongs to another release
        Assert.DoesNotContain("Published reference", await http.GetStringAsync("/", Stop), StringComparison.Ordinal);
        foreach (var name in LiveClin.Stats.Plots.ResultPlots.Names.Remove("published"))
        {
            Assert.Equal("image/svg+xml",
                (await http.GetAsync($"/plots/{name}.svg?theme=dark", Stop)).Content.Headers.ContentType!.MediaType);
            Assert.Equal("image/png",
                (await http.GetAsync($"/plots/{name}.png?models=good&models=poor", Stop)).Content.Headers.ContentType!.MediaType);
        }

        using var unknown = await http.GetAsync("/plots/x.svg", Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("case-accuracy", await unknown.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }
}
