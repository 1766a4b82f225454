using LiveClin.Testing.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>People's ways through the dashboard, in a real browser.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Nobody_sees_anything_before_logging_in()
    {
        await using var dashboard = await RunningDashboard.StartAsync(o => o.Token = "0123456789abcdef-token");
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;

        await page.GotoAsync(new Uri(dashboard.Host.Url, "/traces").ToString());
        await Expect(page).ToHaveURLAsync(new Uri(dashboard.Host.Url, "/login").ToString());
        await page.GetByLabel("Token").FillAsync("a guess");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not this dashboard's token");
        await page.GetByLabel("Token").FillAsync("0123456789abcdef-token");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Resources" })).ToBeVisibleAsync();
        Assert.DoesNotContain("token", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_is_stopped_and_started_and_a_failure_is_reported()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard);
        var page = watched.Page;
        var row = page.Locator("tr[data-resource=stats]");
        await Expect(row).ToContainTextAsync("Running");

        await row.GetByRole(AriaRole.Button, new() { Name = "Stop stats" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Exited");
        await row.GetByRole(AriaRole.Button, new() { Name = "Start stats" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Running");
        await row.GetByRole(AriaRole.Button, new() { Name = "Restart stats" }).ClickAsync();
        await Expect(page.GetByText("Restart stats failed: The port 41003 is in use.")).ToBeVisibleAsync();
        Assert.Equal([("stats", "stop"), ("stats", "start"), ("stats", "restart")], dashboard.Resources.Executed);
    }

    [Fact]
    public async Task A_command_with_a_question_runs_only_when_it_is_confirmed()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard);
        var page = watched.Page;
        var row = page.Locator("tr[data-resource=sweep]");

        await row.GetByRole(AriaRole.Button, new() { Name = "More for sweep" }).ClickAsync();
        await page.GetByText("Run a model again").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByText("Run Qwen2.5-VL-7B again?")).ToHaveCountAsync(0);
        Assert.Empty(dashboard.Resources.Executed);
        await row.GetByRole(AriaRole.Button, new() { Name = "More for sweep" }).ClickAsync();
        await page.GetByText("Run a model again").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Run a model again" }).ClickAsync();
        await Expect(page.GetByText("Run a model again sweep: done.")).ToBeVisibleAsync();
        Assert.Equal([("sweep", "again")], dashboard.Resources.Executed);
    }

    [Fact]
    public async Task States_change_by_themselves_and_secrets_stay_hidden()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard);
        var page = watched.Page;
        dashboard.Resources.Update("qwen-vl", r => r with { State = "Running", Health = "Healthy", HealthTone = LiveClin.Hosting.Local.Dashboard.Resources.Tone.Good, HealthReports = [] });
        await Expect(page.GetByText("the model is still being loaded")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Details of qwen-vl" }).PressAsync("Enter");
        var details = page.GetByRole(AriaRole.Complementary, new() { Name = "Details of qwen-vl" });
        await Expect(details.GetByRole(AriaRole.Row, new() { Name = "HF_HOME" })).ToContainTextAsync("/data/hf");
        await Expect(details.GetByRole(AriaRole.Row, new() { Name = "HF_TOKEN" })).ToContainTextAsync("secret, not shown");
        await details.GetByRole(AriaRole.Button, new() { Name = "evaluator" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Details of evaluator" })).ToBeVisibleAsync();
        // An address that is not of the web is text: nothing to click on.
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "javascript" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_graph_is_walked_with_the_keyboard()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard, "/?view=graph");
        var page = watched.Page;
        var node = page.GetByRole(AriaRole.Button, new() { Name = "stats, Running" });
        await node.FocusAsync();
        await node.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Details of stats" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Console_lines_come_live_in_colour_and_are_filtered_and_downloaded()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard, "/console/evaluator");
        var page = watched.Page;
        var console = page.GetByRole(AriaRole.Log);
        await Expect(console).ToContainTextAsync("evaluator is here");

        dashboard.Resources.Write("evaluator", "\u001b[1;31mred alert\u001b[0m <img src=x onerror=alert(1)>");
        dashboard.Resources.Write("evaluator", "to stderr", isError: true);
        await Expect(console.Locator(".fg-red.ansi-bold")).ToHaveTextAsync("red alert");
        await Expect(console).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await page.GetByLabel("Filter lines").FillAsync("ALERT");
        await Expect(console.Locator(".line")).ToHaveCountAsync(1);
        dashboard.Resources.Write("evaluator", "another alert");
        await Expect(console.Locator(".line")).ToHaveCountAsync(2);
        await page.GetByLabel("Filter lines").FillAsync("");
        await page.GetByLabel("stderr only").CheckAsync();
        await Expect(console.Locator(".line")).ToHaveCountAsync(1);
        await Expect(console).ToContainTextAsync("to stderr");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the log" }).ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("evaluator.log", download.SuggestedFilename);
        Assert.Contains("red alert <img src=x onerror=alert(1)>\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public async Task Structured_logs_are_filtered_and_lead_to_their_trace()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard, "/logs");
        var page = watched.Page;
        await Expect(page.GetByText("No structured logs have been received yet.")).ToBeVisibleAsync();
        await dashboard.SendSampleAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("34 of 34 kept");
        await page.GetByLabel("Filter logs by text").FillAsync("closed the connection");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 of 34 kept");
        await page.GetByRole(AriaRole.Button, new() { Name = "The model server closed the connection" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("The response ended prematurely.");
        await page.GotoAsync(new Uri(dashboard.Host.Url, "/logs?level=Warning").ToString());
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("4 of 34 kept");
        await page.GetByRole(AriaRole.Link, new() { Name = "0af76519" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "evaluator: run Qwen2.5-VL-7B" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/logs", "Resource", "evaluator", "Lowest level", "Warning", "resource=evaluator", "level=Warning")]
    [InlineData("/traces", "Resource", "evaluator", "Errors", "on", "resource=evaluator", "errors=true")]
    public async Task Choices_made_at_once_all_count(string path, string first, string value, string second, string other, params string[] expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await dashboard.SendSampleAsync();
        await using var watched = await LogInAsync(dashboard, path);
        var page = watched.Page;
        await Expect(page.GetByRole(AriaRole.Status)).Not.ToContainTextAsync("0 of");

        // The second before the address has followed the first.
        var another = await page.GetByLabel(second).ElementHandleAsync();
        await page.GetByLabel(first).EvaluateAsync(
            """
            (one, [value, another, other]) => {
              one.value = value;
              one.dispatchEvent(new Event('change', { bubbles: true }));
              if (another.type === 'checkbox') another.click();
              else { another.value = other; another.dispatchEvent(new Event('change', { bubbles: true })); }
            }
            """, new object[] { value, another, other });

        foreach (var part in expected) await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(part)));
        await Expect(page.GetByLabel(first)).ToHaveValueAsync(value);
        // What comes after goes from where these have led.
        await page.GetByLabel(first).SelectOptionAsync("");
        await Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("resource="));
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(expected[^1])));
    }

    [Fact]
    public async Task A_trace_is_found_unfolded_and_read_down_to_its_conversation()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var watched = await LogInAsync(dashboard, "/traces");
        var page = watched.Page;
        await dashboard.SendSampleAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("25 traces");
        await page.GetByLabel("Model calls").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("1 traces");
        await page.GetByRole(AriaRole.Link, new() { Name = "evaluator: run Qwen2.5-VL-7B" }).ClickAsync();
        var waterfall = page.GetByRole(AriaRole.Treegrid);
        await Expect(waterfall.Locator(".wf-row")).ToHaveCountAsync(9);
        await Expect(waterfall.Locator("[data-span='00000000000000c2']")).ToContainTextAsync("wrong");
        await waterfall.GetByRole(AriaRole.Button, new() { Name = "spans below case PMC11577515" }).ClickAsync();
        await Expect(waterfall.Locator(".wf-row")).ToHaveCountAsync(2);
        await waterfall.GetByRole(AriaRole.Button, new() { Name = "spans below case PMC11577515" }).ClickAsync();

        await waterfall.GetByRole(AriaRole.Button, new() { Name = "store answer" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("sqlite");
        await waterfall.GetByRole(AriaRole.Link, new() { Name = "Conversation of chat Qwen2.5-VL-7B" }).First.ClickAsync();

        var messages = page.GetByRole(AriaRole.Region, new() { Name = "Messages" });
        await Expect(messages.GetByRole(AriaRole.Article)).ToHaveCountAsync(3);
        await Expect(messages).ToContainTextAsync("<script>alert('x')</script>");
        var image = messages.GetByRole(AriaRole.Img, new() { Name = "Image 1 of the conversation" });
        await Expect(image).ToHaveJSPropertyAsync("naturalWidth", 1);
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("3121");
        await Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Extracted B by the rule 'answer:'; the key says B.");
    }

    [Fact]
    public async Task Metrics_are_drawn_and_tabulated()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await dashboard.SendSampleAsync();
        await using var watched = await LogInAsync(dashboard, "/metrics");
        var page = watched.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "liveclin.turn.duration" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "liveclin.turn.duration, percentiles: 3 lines" })).ToBeVisibleAsync();
        await Expect(page.Locator("path.line-path").First).ToHaveAttributeAsync("d", new System.Text.RegularExpressions.Regex("^M[0-9. ]+L"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Distribution since the start" })).ToContainTextAsync("400");
    }

    private async Task<WatchedPage> LogInAsync(RunningDashboard dashboard, string path = "/")
    {
        var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(dashboard.Host.LoginUrl.ToString());
        if (path != "/") await page.GotoAsync(new Uri(dashboard.Host.Url, path).ToString());
        await Expect(page.Locator("h1").First).ToBeVisibleAsync();
        return watched;
    }
}
