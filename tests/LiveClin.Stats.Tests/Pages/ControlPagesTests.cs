using System.Net;
using System.Text.RegularExpressions;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.Service;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>What a model was really sent under a condition, on the pages that show it.</summary>
public sealed partial class ControlPagesTests
{
    // Only what never comes ends it: a response waits for the numbers for less than half a second, and a busy machine needs many.
    private const int MostVisits = 500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_conversations_stand_side_by_side_as_they_were_sent()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        var html = await ReadAsync(pages, "/controls/flips?name=good&condition=blank-images&case=0&question=1",
            "Conversation: blank-images");
        Assert.Contains("Sent under published.", html, StringComparison.Ordinal);
        Assert.Contains("Sent under blank-images.", html, StringComparison.Ordinal);
        Assert.Contains("Grey in place of a.png: 7 × 5 pixels, all of value 128", html, StringComparison.Ordinal);
        Assert.Contains("as shown = in the release: A = B, B = A. Key: B as shown.", html, StringComparison.Ordinal);
        Assert.Contains("It says A as shown, which is B in the release’s order.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("have changed since", html, StringComparison.Ordinal);
        // Question 2 is unchanged there; it is no flip whatever became of it.
        Assert.Contains(">1 question<", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forced_history_stands_in_place_of_the_models_own_replies()
    {
        var evaluator = Sample.Evaluator();
        evaluator.AddRun("6", "good", (0, 0, Outcome.Wrong, "\\boxed{A}"), (0, 1, Outcome.Wrong, "\\boxed{A}"),
            (1, 0, Outcome.Correct, "\\boxed{B}"), (1, 1, Outcome.Wrong, "\\boxed{A}"));
        (evaluator.Runs[0].Condition, evaluator.Runs[0].Endpoint) = ("gold-history", "http://127.0.0.1:1/v1");
        evaluator.Runs[0].Tags.Add("changed");
        await using var pages = await RunningPages.StartAsync(evaluator);
        var html = await ReadAsync(pages, "/case?id=0&use=6&show=good · gold history&show=good", "What was sent under gold-history");
        Assert.Contains("each with a reply that was put there: \\boxed{B}", html, StringComparison.Ordinal);
        Assert.Contains("What was sent, word for word", html, StringComparison.Ordinal);
        Assert.Contains("stand here as published", html, StringComparison.Ordinal);
        Assert.Contains("Release or images have changed since this was asked", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_worked_out_of_a_model_is_kept_until_one_of_its_runs_moves_on()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        await ReadAsync(pages, "/controls/model?name=good", "What is left, step by step");
        await ReadAsync(pages, "/controls/model?name=good", "What is left, step by step");
        await ReadAsync(pages, "/controls", "one family");
        Assert.Equal(["5"], pages.Evaluator.OutcomeCalls);
        pages.Evaluator.Runs.Find(run => run.Id == "5")!.Progress.QuestionsDone--;
        // The first look may still show what was known.
        for (var visits = 0; visits < MostVisits && pages.Evaluator.OutcomeCalls.Count < 2; visits++)
            await ReadAsync(pages, "/controls/model?name=good", "What is left, step by step");
        Assert.Equal(["5", "5"], pages.Evaluator.OutcomeCalls);
    }

    [Fact]
    public async Task Headings_go_down_in_order_and_every_table_says_what_it_is()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        foreach (var (path, expected) in ((string, string)[])
            [("/controls", "one family"), ("/controls/model?name=good", "Luck"),
                ("/controls/flips?name=good&condition=blank-images&case=0&question=1", "Only questions"), ("/case?id=0", "word for word")])
        {
            var html = await ReadAsync(pages, path, expected);
            var levels = Heading().Matches(html).Select(match => match.Groups[1].Value[0] - '0').ToList();
            Assert.Equal(1, levels[0]);
            foreach (var (before, next) in levels.Zip(levels.Skip(1))) Assert.True(next <= before + 1, $"{path}: h{next} after h{before}");
            Assert.DoesNotMatch("<th(?![a-z])(?![^>]*scope=)", html);
            Assert.All(Region().Matches(html), region => Assert.Contains("aria-label=\"", region.Value, StringComparison.Ordinal));
        }
    }

    private static async Task<string> ReadAsync(RunningPages pages, string path, string expected)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = pages.Url };
        var html = "";
        // Until what is loaded in the background is there; a page that never says it fails the test.
        for (var visits = 0; visits < MostVisits && !html.Contains(expected, StringComparison.Ordinal); visits++)
            html = WebUtility.HtmlDecode(await http.GetStringAsync(path, Stop));
        Assert.Contains(expected, html, StringComparison.Ordinal);
        return html;
    }

    [GeneratedRegex("<h([1-6])[ >]")]
    private static partial Regex Heading();

    [GeneratedRegex("<div class=\"table-scroll[^>]*>")]
    private static partial Regex Region();
}
