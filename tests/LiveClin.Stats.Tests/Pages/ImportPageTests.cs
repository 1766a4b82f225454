using LiveClin.Testing.Browser;
using Microsoft.Playwright;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>Results from a browser into the store.</summary>
public sealed class ImportPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Files_are_sent_and_what_became_of_them_is_told()
    {
        await using var pages = await RunningPages.StartAsync(Sample.Evaluator());
        await using var watched = await chromium.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync(pages.At("/import"));
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.interactive === 'yes'");
        var files = page.GetByLabel("Choose files or drop them here");
        var import = page.GetByRole(AriaRole.Button, new() { Name = "Import" });
        await Assertions.Expect(import).ToBeDisabledAsync();

        await files.SetInputFilesAsync([File("good.json", 3), File("broken.json", 700_000)]);
        await page.GetByText("2 files, 700.0 kB").WaitForAsync();
        await import.ClickAsync();
        await page.GetByText("broken.json, cases[3]: it is <b>broken</b>").WaitForAsync();
        await page.GetByText("Nothing was imported").WaitForAsync();

        await files.SetInputFilesAsync([File("a.json", 600_000), File("b.json", 5)]);
        await page.GetByLabel("Made on release").SelectOptionAsync("abc");
        await import.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Rowheader, new() { Name = "a.json+b.json" }).WaitForAsync();
        await page.GetByText("1 / 600,005").WaitForAsync();
        await page.GetByText("PMC7.json is left out: <i>why</i>").WaitForAsync();
        watched.AssertNoErrors();
    }

    private static FilePayload File(string name, int size) => new() { Name = name, MimeType = "application/json", Buffer = new byte[size] };
}
