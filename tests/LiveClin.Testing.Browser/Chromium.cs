using Microsoft.Playwright;
using Xunit;

namespace LiveClin.Testing.Browser;

/// <summary>The system's Chromium, headless, with an empty profile; shared by the browser tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
    private const float Patience = 90_000;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("LIVECLIN_CHROMIUM") ?? Array.Find(Places, File.Exists);
        if (path is null) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync"],
        });
    }

    /// <summary>A page with a profile of its own. No browser: the test fails in CI and is skipped elsewhere.</summary>
    public async Task<WatchedPage> OpenAsync(bool dark = false, int width = 1440, int height = 900)
    {
        const string Missing = "No Chromium was found: install it (Debian: apt-get install chromium) or name it in LIVECLIN_CHROMIUM.";
        Assert.SkipUnless(_browser is not null
            || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), Missing);
        if (_browser is null) throw new FileNotFoundException(Missing);
        var context = await _browser.NewContextAsync(new()
        {
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = width, Height = height },
        });
        // A machine that builds or tests something else meanwhile is slow, not wrong.
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return new WatchedPage(await context.NewPageAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
