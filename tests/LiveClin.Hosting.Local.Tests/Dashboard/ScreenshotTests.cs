using LiveClin.Testing.Browser;
using Microsoft.Playwright;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>Every page in both themes shows its content without a script error; with LIVECLIN_SCREENSHOTS set, pictures go to that folder.</summary>
public sealed class ScreenshotTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly (string Name, string Path, string Shows)[] Pages =
    [
        ("resources", "/", "Qwen/Qwen2.5-VL-7B-Instruct"),
        ("resource-details", "/?resource=qwen-vl", "the model is still being loaded"),
        ("resource-graph", "/?view=graph&resource=evaluator", "evaluator"),
        ("console", "/console/evaluator", "case 39 answered"),
        ("traces", "/traces", "run Qwen2.5-VL-7B"),
        ("trace", "/traces/0af7651916cd43dd8448eb211c80319c?span=00000000000000c1", "store answer"),
        ("chat", "/traces/0af7651916cd43dd8448eb211c80319c/chat/00000000000000c1", "Pulmonary embolism"),
        ("logs", "/logs", "closed the connection"),
        ("metrics-percentiles", "/metrics?of=evaluator&meter=LiveClin.Evaluator&instrument=liveclin.turn.duration", "p99"),
        ("metrics-counter", "/metrics?of=evaluator&meter=LiveClin.Evaluator&instrument=liveclin.questions", "liveclin.outcome=wrong"),
    ];

    [Theory]
    [InlineData(false, 1440)]
    [InlineData(true, 1440)]
    [InlineData(false, 720)] // 1440 at 200 % zoom
    public async Task Every_page_renders(bool dark, int width)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await dashboard.SendSampleAsync();
        for (var i = 0; i < 40; i++) dashboard.Resources.Write("evaluator", $"\u001b[32minfo\u001b[39m: LiveClin.Evaluator.Runs[{i}] case {i} answered in {i * 37 % 900} ms", i % 9 == 5);
        await using var watched = await chromium.OpenAsync(dark, width);
        var page = watched.Page;
        await page.GotoAsync(new Uri(dashboard.Host.Url, "/login").ToString());
        await PictureAsync(page, "login", dark, width);
        await page.GotoAsync(dashboard.Host.LoginUrl.ToString());
        foreach (var (name, path, shows) in Pages)
        {
            await page.GotoAsync(new Uri(dashboard.Host.Url, path).ToString());
            await page.GetByText(shows).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await PictureAsync(page, name, dark, width);
        }

        watched.AssertNoErrors();
    }

    private static async Task PictureAsync(IPage page, string name, bool dark, int width)
    {
        if (Environment.GetEnvironmentVariable("LIVECLIN_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}-{width}.png"), Animations = ScreenshotAnimations.Disabled });
    }
}
