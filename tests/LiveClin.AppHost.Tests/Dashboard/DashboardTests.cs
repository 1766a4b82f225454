using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LiveClin.AppHost.Tests.Sweep;
using LiveClin.Testing;
using LiveClin.Testing.Browser;
using Microsoft.Playwright;
using static LiveClin.AppHost.Tests.Sweep.Models;
using static Microsoft.Playwright.Assertions;

namespace LiveClin.AppHost.Tests.Dashboard;

/// <summary>A sweep over a stand-in for SGLang, as a person follows it in Aspire's dashboard.</summary>
public sealed partial class DashboardTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    /// <summary>Folder to which the pages are written as pictures (those of README); unset: none are.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("LIVECLIN_PICTURES");

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task From_the_login_to_the_evaluation_of_one_reply()
    {
        _patience.CancelAfter(HangGuard.Longest);
        var gpu = new JsonObject { ["total"] = 81559, ["used"] = 0, ["utilization"] = 30, ["temperature"] = 55 };
        var gpus = new FakeGpus(_folder.FullName).Write(new JsonObject { ["gpus"] = new JsonArray(gpu, gpu.DeepClone()) });
        var models = new JsonArray(
            SGLang("Qwen2.5-VL-7B", "fake/one", new JsonObject { ["reply_seconds"] = 0.2 }, tp: 2),
            new JsonObject { ["Name"] = "floor", ["Server"] = "baseline", ["ApiId"] = "baseline/always-A" });
        using var host = AppHostProcess.StartAndStay(_folder, models, gpus, "--capture-messages", "--limit", "4", "--concurrency", "4");
        await host.SaysAsync("Leaderboard  http://", _patience.Token);
        await using var browser = await chromium.OpenAsync();
        var page = browser.Page;

        // The first address that is printed logs in.
        await page.GotoAsync(Address().Match(host.Output).Value);
        await Expect(page.GetByText("run-qwen2-5-vl-7b").First).ToBeVisibleAsync();
        await Expect(page.GetByText(Score()).First).ToBeVisibleAsync();
        await Expect(page.GetByText("development certificate")).ToHaveCountAsync(0);
        // The server's own command, and no launcher's.
        await Expect(page.GetByText("-m sglang.launch_server").First).ToBeVisibleAsync();
        await Expect(page.GetByText("LiveClin.Launcher")).ToHaveCountAsync(0);
        await host.SaysAsync("Qwen2.5-VL-7B  questions", _patience.Token);
        await Expect(page.GetByText(Score())).ToHaveCountAsync(2);
        await PictureAsync(page, "dashboard-resources");

        var root = new Uri(page.Url).GetLeftPart(UriPartial.Authority);
        await page.GotoAsync($"{root}/consolelogs/resource/sglang");
        await Expect(page.GetByText("#cached-token").First).ToBeVisibleAsync();
        await page.GotoAsync($"{root}/metrics/resource/sglang");
        await Expect(page.GetByText("sglang:num_requests_total").First).ToBeVisibleAsync();
        await page.GotoAsync($"{root}/metrics/resource/gpus");
        await Expect(page.GetByText("hw.gpu.memory.usage").First).ToBeVisibleAsync();

        // One trace, from the sweep to each call; the first conversation is the vision check's, which has nothing to evaluate.
        await page.GotoAsync($"{root}/traces");
        await page.GetByText("sweep: sweep over 2 models").First.ClickAsync();
        foreach (var step in (string[])["wait for GPUs", "check the environment", "start SGLang", "vision check", "run Qwen2.5-VL-7B",
            "case 90000001"])
            await Expect(page.GetByText(step, new() { Exact = true }).First).ToBeVisibleAsync();
        await PictureAsync(page, "dashboard-trace");
        await page.GetByTitle("GenAI details").Nth(1).ClickAsync();
        await Expect(page.GetByText("* Scenario:").Or(page.GetByText("Scenario:")).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = Evaluations() }).ClickAsync();
        await Expect(page.GetByText("the key is").First).ToBeVisibleAsync();
        await PictureAsync(page, "dashboard-evaluation");
        browser.AssertNoErrors();

        Assert.Equal(0, await host.StopAsync(_patience.Token));
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png") });
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/login\?t=\w+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^\d+ of \d+, cases \d+ of 4$")]
    private static partial Regex Score();

    [GeneratedRegex("Evaluations")]
    private static partial Regex Evaluations();
}
