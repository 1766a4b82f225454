using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.Service;
using LiveClin.Testing.Browser;
using Microsoft.Playwright;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>Tables of hundreds of rows: the first response has rows, the browser only those in view, and the address says which.</summary>
public sealed class LongTableTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_of_many_cases_is_drawn_where_one_looks()
    {
        await using var pages = await RunningPages.StartAsync(Many(cases: 300));
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/cases?from=200"));
        await page.GetByRole(AriaRole.Link, new() { Name = "199", Exact = true }).WaitForAsync(); // the 200th; identifiers begin with 0
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        var table = page.Locator("table.virtual");
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-rowcount", "301");
        await table.Locator("tr[aria-rowindex='201']").WaitForAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('.table-scroll.tall').scrollTop > 100");
        Assert.InRange(await table.Locator("tbody tr[aria-rowindex]").CountAsync(), 5, 120);

        // To the end from the keyboard; the address follows, and restores the place.
        await page.Locator(".table-scroll.tall").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await table.Locator("tr[aria-rowindex='301']").WaitForAsync();
        await page.WaitForFunctionAsync("() => Number(new URL(location.href).searchParams.get('from')) > 270");
        await page.ReloadAsync();
        await table.Locator("tr[aria-rowindex='301']").WaitForAsync();

        // Another filter begins at the top again.
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        await page.GetByLabel("Order").SelectOptionAsync("hard");
        await table.Locator("tr[aria-rowindex='2']").WaitForAsync();
        watched.AssertNoErrors();
    }

    [Fact]
    public async Task Without_scripts_a_table_has_its_rows_and_the_way_to_the_others()
    {
        await using var pages = await RunningPages.StartAsync(Many(cases: 120));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = pages.Url };
        // On a busy machine the first response can say that the answers are being loaded.
        string html;
        do html = await http.GetStringAsync("/cases?from=60", Stop);
        while (html.Contains("panel loading", StringComparison.Ordinal));
        Assert.Equal(50, System.Text.RegularExpressions.Regex.Count(html, "<tr aria-rowindex=\"(?!1\")"));
        Assert.Contains("Rows 60 to 109 of 120", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/cases?from=110\"", html, StringComparison.Ordinal);
        Assert.Contains("Row", await http.GetStringAsync("/cases?from=99999", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_run_can_be_reached_not_only_the_newest()
    {
        var evaluator = Many(cases: 2);
        for (var i = 0; i < 400; i++) evaluator.Runs.Add(new Run
        {
            Id = $"old-{i}",
            Model = $"old {i}",
            ReleaseName = "other",
            ReleaseSha256 = "def",
            Status = RunStatus.Completed,
            Progress = new RunProgress(),
        });
        await using var pages = await RunningPages.StartAsync(evaluator);
        await using var watched = await chromium.OpenAsync();
        await watched.Page.GotoAsync(pages.At("/runs?from=401"));
        // The live page takes the first one's place; what is clicked on while it does so is lost.
        await watched.Page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        await watched.Page.GetByRole(AriaRole.Link, new() { Name = "old 399", Exact = true }).ClickAsync();
        await watched.Page.GetByText("old 399 on release").WaitForAsync();
        watched.AssertNoErrors();
    }

    private static EvaluatorDouble Many(int cases)
    {
        var evaluator = new EvaluatorDouble { CaseCount = cases };
        evaluator.AddRun("1", "good", [.. Enumerable.Range(0, cases).Select(i => (i, 0, Outcome.Correct, (string?)"\\boxed{A}"))]);
        return evaluator;
    }
}
