using System.Net;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.Service;
using LiveClin.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>
/// Which runs stand behind a page's numbers, the address that chooses others, the release that is shown, and what people say of runs.
/// </summary>
public sealed class RunChoiceTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_names_the_runs_behind_it_and_its_address_can_choose_another()
    {
        await using var pages = await RunningPages.StartAsync(Evaluator());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = pages.Url };
        var byRule = await PageAsync(http, "/");
        Assert.Contains("Runs behind these numbers", byRule, StringComparison.Ordinal);
        Assert.Contains(">new-run</a>", byRule, StringComparison.Ordinal);
        Assert.Contains("href=\"/?use=old-run\"", byRule, StringComparison.Ordinal);
        Assert.Contains("0 / 4", byRule, StringComparison.Ordinal);

        var byAddress = await PageAsync(http, "/?use=old-run");
        Assert.Contains("by this address", byAddress, StringComparison.Ordinal);
        Assert.Contains("4 / 4", byAddress, StringComparison.Ordinal);
        Assert.DoesNotContain("0 / 4", byAddress, StringComparison.Ordinal);
        // The choice goes along: links, plots, the way back.
        Assert.Contains("/compare?use=old-run", byAddress, StringComparison.Ordinal);
        Assert.Contains("/plots/case-accuracy.svg?use=old-run", byAddress, StringComparison.Ordinal);
        var plots = await Task.WhenAll(
            new[] { "", "use=old-run&" }.Select(use => http.GetStringAsync($"/plots/case-accuracy.svg?{use}theme=light", Stop)));
        Assert.NotEqual(plots[0], plots[1]);
        Assert.Contains("0 / 4", await PageAsync(http, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_release_with_most_models_is_shown_and_another_can_be_chosen_on_every_page()
    {
        var evaluator = Evaluator();
        evaluator.AddRun("other", "m", (0, 0, Outcome.Correct, "\\boxed{A}"));
        (evaluator.Runs[0].ReleaseName, evaluator.Runs[0].ReleaseSha256) = ("later", "def");
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/"));
        // The live page takes the first one's place, and what was opened there is closed again.
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        await page.GetByText("Release: sample").ClickAsync(); // two models stand there, one on the newer release
        await page.GetByRole(AriaRole.Link, new() { Name = "later" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(pages.At("/?release=def"));
        await page.GetByText("Release: later").WaitForAsync();
        foreach (var path in new[] { "/compare", "/cases", "/slices", "/items", "/cost", "/live", "/runs", "/import" })
        {
            await page.GotoAsync(pages.At(path));
            await page.GetByText("Release: sample").WaitForAsync();
        }

        await page.GotoAsync(pages.At("/runs?release=def"));
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(1);
        watched.AssertNoErrors();
    }

    [Fact]
    public async Task A_run_is_chosen_hidden_tagged_and_deleted_on_its_page_by_the_evaluator()
    {
        var evaluator = Evaluator();
        var run = evaluator.Runs.Find(r => r.Id == "old-run")!;
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/runs?manage=old-run"));
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        await ClickAsync(page, "Let it stand for its model", "Let the rule choose again");
        await ClickAsync(page, "Hide it from the leaderboard", "Put it back on the leaderboard");
        Assert.Equal((true, true), (run.Chosen, run.Hidden));
        await page.GetByLabel("Name").FillAsync("first try");
        await page.GetByRole(AriaRole.Button, new() { Name = "Name", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "first try" }).WaitForAsync();
        Assert.Equal("first try", run.Name);
        await page.GetByLabel("Tag").FillAsync("kept");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "kept ×" }).WaitForAsync();

        await ClickAsync(page, "Delete…", "Delete old-run for good");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete old-run for good" }).ClickAsync();
        await page.GetByText("This run is kept.").WaitForAsync();
        Assert.Contains(run, evaluator.Runs);
        await page.GetByRole(AriaRole.Button, new() { Name = "kept ×" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "kept ×" })).ToHaveCountAsync(0);
        await ClickAsync(page, "Delete…", "Delete old-run for good");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete old-run for good" }).ClickAsync();
        await page.GetByText("There is no run “old-run” (any more).").WaitForAsync();
        Assert.DoesNotContain(run, evaluator.Runs);
        watched.AssertNoErrors();
    }

    private static async Task ClickAsync(IPage page, string button, string then)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = then }).WaitForAsync();
    }

    // The first response may come before the numbers; the next one has them.
    private static async Task<string> PageAsync(HttpClient http, string address)
    {
        string html;
        do html = WebUtility.HtmlDecode(await http.GetStringAsync(address, Stop));
        while (!html.Contains("</table>", StringComparison.Ordinal));
        return html;
    }

    // One model asked twice in the same way: all right at first, all wrong later. Another one beside it.
    private static EvaluatorDouble Evaluator()
    {
        var evaluator = new EvaluatorDouble();
        evaluator.AddRun("beside", "n", [.. Answers(Outcome.Correct).Take(2)]);
        evaluator.AddRun("old-run", "m", [.. Answers(Outcome.Correct)]);
        evaluator.AddRun("new-run", "m", [.. Answers(Outcome.Wrong)]);
        return evaluator;
    }

    private static IEnumerable<(int Case, int Question, Outcome Outcome, string? Reply)> Answers(Outcome outcome) =>
        from place in new[] { (0, 0), (0, 1), (1, 0), (1, 1) }
        select (place.Item1, place.Item2, outcome, (string?)(outcome == Outcome.Correct ? "\\boxed{A}" : "\\boxed{B}"));
}
