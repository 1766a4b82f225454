using LiveClin.Evaluator.V1;
using LiveClin.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>Reviewing question by question in a real browser, by keyboard.</summary>
public sealed class ReviewPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Verdicts_are_given_undone_and_exported_by_keyboard()
    {
        var evaluator = Sample.Evaluator();
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/review"));
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        var (head, said) = (page.Locator("#review-head"), page.Locator("#review p[role=status]"));
        await Expect(said).ToHaveTextAsync("Give your name first: every verdict is kept with it.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Holds (Y)", Exact = true })).ToBeDisabledAsync();
        await page.GetByLabel("Your name").FillAsync("Roe");
        await page.GetByLabel("Your name").PressAsync("Tab");
        await Expect(said).ToHaveTextAsync("You have not said anything of this question yet.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Holds (Y)", Exact = true })).ToBeEnabledAsync();

        await page.Locator("#review").PressAsync("n");
        await Expect(head).ToContainTextAsync("2 of 4");
        await page.Locator("#review").PressAsync("y");
        await Expect(head).ToContainTextAsync("3 of 4");
        Assert.Equal([(0, false), (1, true)], evaluator.Verdicts.Select(each => (each.QuestionIndex, each.Holds)));
        Assert.All(evaluator.Verdicts,
            each => Assert.Equal((ReviewTopic.NoneOfTheAbove, "Roe", 0), (each.Topic, each.By, each.CaseOrdinal)));

        await page.Locator("#review").PressAsync("u");
        await Expect(head).ToContainTextAsync("2 of 4");
        Assert.Equal(0, Assert.Single(evaluator.Verdicts).QuestionIndex);
        await page.Locator("#review").PressAsync("b");
        await Expect(said).ToContainTextAsync("You said: does not hold");
        var file = await page.APIRequest.GetAsync(pages.At("/reviews.csv"));
        Assert.StartsWith("case,question,holds,by,date,topic\r\n0,0,no,Roe,", await file.TextAsync(), StringComparison.Ordinal);
        watched.AssertNoErrors();
    }

    [Fact]
    public async Task Replies_without_a_letter_and_suspect_keys_are_served_too()
    {
        var evaluator = Sample.Evaluator();
        evaluator.AddRun("9", "vague", (1, 1, Outcome.Unparsed, "It depends on the patient."));
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        await watched.Page.GotoAsync(pages.At("/review?topic=reply"));
        await Expect(watched.Page.GetByRole(AriaRole.Article, new() { Name = "Reply of vague" }))
            .ToContainTextAsync("It depends on the patient.");
        await Expect(watched.Page.Locator("#review-head")).ToContainTextAsync("question 2 1 of 1");
        await watched.Page.GotoAsync(pages.At("/review?topic=key"));
        await Expect(watched.Page.Locator(".page")).ToContainTextAsync("Is the published key right?");
        watched.AssertNoErrors();
    }
}
