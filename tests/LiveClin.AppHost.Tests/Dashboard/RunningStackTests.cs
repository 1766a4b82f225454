using LiveClin.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveClin.AppHost.Tests.Dashboard;

/// <summary>The dashboard over the real stack: services, a sweep over the baselines, their telemetry.</summary>
public sealed class RunningStackTests(Chromium chromium) : IClassFixture<Chromium>
{
    // Services start, answer and export on a machine that may be busy.
    private static readonly LocatorAssertionsToHaveTextOptions Slow = new() { Timeout = 90_000 };

    [Fact]
    public async Task The_stack_is_logged_into_stopped_started_and_read_down_to_a_verdict()
    {
        await using var stack = await AppHostProcess.StartAsync("--limit", "2");
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(stack.LoginUrl.ToString());
        await Expect(page.Locator("tr[data-resource=sweep] .badge")).ToHaveTextAsync("●Finished", Slow);

        var stats = page.Locator("tr[data-resource=stats]");
        await Expect(stats.Locator(".badge")).ToHaveTextAsync("●Running", Slow);
        await stats.GetByRole(AriaRole.Button, new() { Name = "Stop stats", Exact = true }).ClickAsync();
        // Exact: else "Restart stats" would do, which is there until the stop shows.
        await Expect(stats.GetByRole(AriaRole.Button, new() { Name = "Start stats", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await stats.GetByRole(AriaRole.Button, new() { Name = "Start stats", Exact = true }).ClickAsync();
        await Expect(stats.Locator(".badge")).ToHaveTextAsync("●Running", Slow);

        await page.GetByRole(AriaRole.Button, new() { Name = "Details of evaluator" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "OTEL_EXPORTER_OTLP_HEADERS" })).ToContainTextAsync("secret, not shown");

        await page.GotoAsync(new Uri(stack.LoginUrl, "/console/evaluator").ToString());
        await page.GetByLabel("Filter lines").FillAsync("Application started");
        await Expect(page.GetByRole(AriaRole.Log).Locator(".line")).ToHaveCountAsync(1, new() { Timeout = 30_000 });

        await page.GotoAsync(new Uri(stack.LoginUrl, "/traces?chats=true").ToString());
        await page.Locator("td.message a").First.ClickAsync();
        var chat = page.GetByRole(AriaRole.Treegrid).Locator(".wf-row", new() { HasText = "chat baseline/" }).First;
        await Expect(chat).ToContainTextAsync(new System.Text.RegularExpressions.Regex("correct|wrong|unparsed"), new() { Timeout = 30_000 });
        await chat.GetByRole(AriaRole.Link, new() { NameRegex = new("^Conversation of") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "The model call" })).ToContainTextAsync("Evaluation");
        // Messages are not captured unless someone asks for it.
        await Expect(page.GetByText("No messages were captured with this call.")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(stack.LoginUrl, "/logs?resource=evaluator").ToString());
        await Expect(page.GetByRole(AriaRole.Status)).Not.ToContainTextAsync("0 of 0", new() { Timeout = 30_000 });
        await page.GotoAsync(new Uri(stack.LoginUrl, "/metrics?resource=evaluator").ToString());
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Instruments" }).GetByRole(AriaRole.Button).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }
}
