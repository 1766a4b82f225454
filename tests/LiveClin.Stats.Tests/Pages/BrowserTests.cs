using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using LiveClin.Core.Text;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.Service;
using LiveClin.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>The pages in a real browser.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task From_a_filter_to_a_case_to_a_comparison_and_back()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/cases"));
        await Interactive(page);
        await page.GetByLabel("Right by").SelectOptionAsync("good");
        await page.GetByLabel("but missed by").SelectOptionAsync("poor");
        await page.GetByText("1 of 2 cases").WaitForAsync();
        await Expect(page).ToHaveURLAsync(pages.At("/cases?right=good&missed=poor"));

        await page.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByText("What is next, 2?").First.WaitForAsync();
        var reply = page.GetByRole(AriaRole.Article, new() { Name = "Reply of good" }).First;
        Assert.Equal(@"\boxed{A}", await reply.Locator("mark").InnerTextAsync());
        await page.WaitForFunctionAsync("() => document.querySelector('.figures img').naturalWidth === 1");
        await page.GetByRole(AriaRole.Cell, new() { Name = "9.4" }).WaitForAsync();

        await page.GetByText("Compare these models on all cases").ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Conclusions" }).WaitForAsync();
        await page.GoBackAsync();
        await page.GetByText("What is next, 2?").First.WaitForAsync();
        await page.GetByText("Filtered cases").ClickAsync();
        await page.GetByText("1 of 2 cases").WaitForAsync();
        await Expect(page.GetByLabel("Right by")).ToHaveValueAsync("good");
        watched.AssertNoErrors();
    }

    [Fact]
    public async Task Choices_made_faster_than_the_address_follows_add_up_and_can_be_cleared()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/cases"));
        await Interactive(page);
        await page.GetByLabel("Right by").WaitForAsync();
        // All in one go of the browser, before the service can have said anything to the first.
        await page.EvaluateAsync("""
            () => {
              for (const [name, value] of [['right', 'good'], ['missed', 'poor'], ['text', 'chapter']]) {
                const field = document.querySelector(`[name=${name}]`);
                field.value = value;
                field.dispatchEvent(new Event('change', { bubbles: true }));
              }
              document.querySelector('form.filters').requestSubmit();
            }
            """);
        await page.GetByText("1 of 2 cases").WaitForAsync();
        await Expect(page).ToHaveURLAsync(pages.At("/cases?text=chapter&right=good&missed=poor"));

        await page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await page.GetByText("2 of 2 cases").WaitForAsync();
        await Expect(page.GetByLabel("Right by")).ToHaveValueAsync("");
        await Expect(page.GetByLabel("Text")).ToHaveValueAsync("");
        await page.GetByLabel("but missed by").SelectOptionAsync("poor");
        await Expect(page).ToHaveURLAsync(pages.At("/cases?missed=poor"));
        watched.AssertNoErrors();
    }

    [Fact]
    public async Task A_live_run_is_shown_as_it_goes_and_ends()
    {
        var evaluator = Sample.Evaluator();
        var run = new Run
        {
            Id = "live",
            Model = "newcomer",
            ApiId = "newcomer",
            ReleaseName = "sample",
            ReleaseSha256 = "abc",
            Status = RunStatus.Running,
            Active = true,
            StartedAt = DateTime.UtcNow.ToTimestamp(),
            Progress = new RunProgress
            {
                QuestionsTotal = 4,
                CasesTotal = 2,
                QuestionsPerMinute = 30,
                Remaining = Duration.FromTimeSpan(TimeSpan.FromSeconds(75)),
            },
        };
        evaluator.Runs.Insert(0, run);
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/live"));
        await page.GetByText("1 m 15 s").WaitForAsync();
        await Interactive(page);
        await page.GetByText("None yet.").WaitForAsync();

        Publish(0, 0, Outcome.Correct);
        await page.GetByText("1 / 4").WaitForAsync();
        await page.GetByText("100.0 %").First.WaitForAsync();
        Publish(0, 1, Outcome.Wrong);
        await page.GetByText("2 / 4").WaitForAsync();
        await page.GetByText("50.0 %").First.WaitForAsync();
        await Expect(page.Locator("table tbody tr")).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", "2");

        // Streams that break are begun again; what came meanwhile is there once.
        evaluator.BreakStreams();
        Publish(1, 0, Outcome.Correct);
        await page.GetByText("3 / 4").WaitForAsync();
        await page.GetByText("66.7 %").First.WaitForAsync();
        await Expect(page.Locator("table tbody tr")).ToHaveCountAsync(3);
        evaluator.End(run);
        await page.Locator(".value", new() { HasText = "completed" }).WaitForAsync();
        watched.AssertNoErrors();

        void Publish(int @case, int question, Outcome outcome) => evaluator.Publish(new Answer
        {
            RunId = "live", CaseOrdinal = @case, QuestionIndex = question, Outcome = outcome,
            Letter = outcome == Outcome.Correct ? "A" : "B",
            Attempts = 1, LatencyMs = 900, CompletedAt = DateTime.UtcNow.ToTimestamp(),
        });
    }

    [Fact]
    public async Task A_hostile_reply_does_nothing_but_show_as_text()
    {
        const string Attack =
            "<script>window.hacked = 1; alert(1)</script><img src=x onerror=\"window.hacked = 2\">[click](javascript:window.hacked=3) <a href=\"javascript:window.hacked=4\">x</a> <svg onload=\"window.hacked=5\"> &lt;b&gt; {{7*7}} \u001b[31mred\u0007\u0000 \u202eevil\u202c \u2066x\u2069 \u200b";
        var evaluator = Sample.Evaluator();
        var long5 = new StringBuilder(Attack).Append(new string('x', 5 * 1024 * 1024)).Append("\n\\boxed{B}").ToString();
        evaluator.AddRun("8", Attack, (0, 0, Outcome.Wrong, long5), (0, 1, Outcome.Wrong, Attack + "\\boxed{B}"));
        evaluator.Answers[^1].Reasoning = Attack;
        evaluator.Answers[^1].FinishReason = Attack;
        evaluator.Scenario = Attack;
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/case?id=0&show=" + Uri.EscapeDataString(TextRun.Name(Attack))));
        await Interactive(page);
        var replies = page.Locator(".reply .reply-text");
        await replies.First.WaitForAsync();
        var text = await replies.First.InnerTextAsync();
        Assert.Contains("<script>window.hacked = 1; alert(1)</script>", text, StringComparison.Ordinal);
        Assert.Contains("U+202E", text, StringComparison.Ordinal);
        Assert.Contains("U+001B", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => c is '\u202e' or '\u001b' or '\u0007' or '\u2066' or '\u200b');
        // Cut, and yet the letter at its end is there.
        Assert.InRange(text.Length, 8_000, 20_000);
        Assert.Equal(@"\boxed{B}", await replies.First.Locator("mark").InnerTextAsync());
        Assert.Contains("5,243", await page.Locator(".reply").First.InnerTextAsync(), StringComparison.Ordinal);
        await AssertHarmless();

        foreach (var path in new[] { "/", "/compare", "/cases", "/slices", "/cost", "/live?run=8", "/runs",
            "/model?name=" + Uri.EscapeDataString(Attack), "/cases?text=" + Uri.EscapeDataString(Attack) })
        {
            await page.GotoAsync(pages.At(path));
            await Interactive(page);
            await AssertHarmless();
        }

        watched.AssertNoErrors();

        async Task AssertHarmless()
        {
            Assert.Null(await page.EvaluateAsync<object?>("() => window.hacked ?? null"));
            Assert.Equal(0, await page.Locator("a[href^='javascript' i], main script, main [onerror], main [onload]").CountAsync());
        }
    }

    [Theory]
    [InlineData(false, 1440)]
    [InlineData(true, 1440)]
    [InlineData(false, 720)] // 1440 at 200 % zoom
    [InlineData(true, 375)] // a phone
    public async Task Every_page_fits_and_can_be_used_from_the_keyboard(bool dark, int width)
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        await using var watched = await chromium.OpenAsync(dark, width);
        var page = watched.Page;
        foreach (var (path, heading) in Sample.Pages)
        {
            await page.GotoAsync(pages.At(path));
            await page.GetByText(heading).First.WaitForAsync();
            await Interactive(page);
            Assert.Equal(dark ? "dark" : "light", await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
            // Wide tables scroll inside their own region; the page does not.
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
                $"{path} is wider than {width.ToString(CultureInfo.InvariantCulture)} pixels");
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            Assert.Equal(0, await page.Locator("img:not([alt]), main button:not([aria-label]):empty").CountAsync());
            await KeepAsync(page, path, dark, width);
            await page.Keyboard.PressAsync("Tab");
            Assert.Equal("Skip to content", await page.Locator(":focus-visible").TextContentAsync());
        }

        await page.GetByRole(AriaRole.Button, new() { Name = dark ? "Use the light theme" : "Use the dark theme" }).ClickAsync();
        await page.WaitForFunctionAsync($"() => document.documentElement.dataset.theme === '{(dark ? "light" : "dark")}'");
        watched.AssertNoErrors();
    }

    // With LIVECLIN_SCREENSHOTS set the pages go to that folder, to be looked at.
    private static async Task KeepAsync(IPage page, string path, bool dark, int width)
    {
        if (Environment.GetEnvironmentVariable("LIVECLIN_SCREENSHOTS") is not { Length: > 0 } folder) return;
        var name = string.Concat(path.Split('?')[0].Where(char.IsAsciiLetter)) is { Length: > 0 } word ? word : "overview";
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, $"page-{name}-{(dark ? "dark" : "light")}-{width.ToString(CultureInfo.InvariantCulture)}.png"),
            FullPage = true,
            Animations = ScreenshotAnimations.Disabled,
        });
    }

    // The live connection marks the page when it has taken it over.
    private static Task Interactive(IPage page) =>
        page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
}
