using System.Diagnostics;
using System.Globalization;
using LiveClin.Benchmarks.Statistics;

namespace LiveClin.Benchmarks.Pages;

/// <summary>
/// Every page of the statistics service over 30 models × 1,407 cases, evaluator and statistics as processes of their own in their Release
/// builds: time to the first byte and to the whole HTML, just after the start, on a page's first visit and on later ones.
/// </summary>
internal static class PagesBenchmark
{
    private const int Visits = 7;
    private const string Waiting = "panel loading";

    private static readonly (string Name, string Address)[] Pages =
    [
        ("Leaderboard", "/"),
        ("Model", $"/model?name={GeneratedStore.ModelName(29)}"),
        ("Compare, 5 models", "/compare"),
        ("Compare, 30 models", "/compare?"
            + string.Join('&', Enumerable.Range(0, GeneratedStore.Models).Select(m => "models=" + GeneratedStore.ModelName(m)))),
        ("Cases", "/cases"),
        ("Cases, filtered", "/cases?outcome=wrong&agree=split&sort=hard"),
        ("Case", "/case?id=700"),
        ("Slices, chapter", "/slices"),
        ("Slices, subcategory", "/slices?by=Subcategory"),
        ("Items, suspect keys", "/items"),
        ("Items, all", "/items?order=all"),
        ("Cost", "/cost"),
        ("Live", "/live"),
        ("Runs", "/runs"),
    ];

    private static readonly string[] Plots = ["case-accuracy", "forest", "heat-map", "position", "modality", "difficulty", "cost"];

    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("liveclin-pages-").FullName;
        try
        {
            var store = Path.Combine(folder, "store.db");
            var epochs = args.SkipWhile(word => word != "--epochs").Skip(1).Select(int.Parse).FirstOrDefault(1);
            await GeneratedStore.FillAsync(store, epochs);
            Console.WriteLine($"store of {GeneratedStore.Models} runs on {GeneratedStore.CaseCount} cases, {epochs} epoch(s), {new FileInfo(store).Length / 1e6:0} MB, on {Environment.ProcessorCount} cores");
            using var services = await RunningServices.StartAsync(store);
            using var browser = new HttpClient { BaseAddress = services.Pages, Timeout = TimeSpan.FromMinutes(2) };
            await MeasureStartAsync(browser, services.Started);
            Console.WriteLine("                       first visit              later, median of 7, and slowest   (first byte / whole page)");
            var slowest = 0.0;
            foreach (var (name, address) in Pages) slowest = Math.Max(slowest, await MeasureAsync(browser, name, address));
            foreach (var plot in Plots) await MeasureAsync(browser, plot + ".svg", $"/plots/{plot}.svg");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"slowest page, first visits included: {slowest:0.000} s to the whole HTML (aim: below 1 s)"));
            Console.WriteLine($"peak memory: evaluator {services.EvaluatorMegabytes:0} MiB, statistics {services.StatsMegabytes:0} MiB");
            if (args.Contains("--keep")) await WaitForEnterAsync(services.Pages);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The pages of what scores are made of, over a store that has conditions.</summary>
    public static async Task MeasureControlsAsync(string store)
    {
        using var services = await RunningServices.StartAsync(store);
        using var browser = new HttpClient { BaseAddress = services.Pages, Timeout = TimeSpan.FromMinutes(5) };
        await MeasureStartAsync(browser, services.Started);
        var model = GeneratedStore.ModelName(29);
        await MeasureWaitAsync(browser, "one model, cold", $"/controls/model?name={model}");
        await MeasureWaitAsync(browser, "all models, cold", "/controls");
        var pages = ((string Name, string Address)[])
        [
            ("Controls", "/controls"), ("Controls, one model", $"/controls/model?name={model}"),
            ("Flips", $"/controls/flips?name={model}&condition=no-images"), ("Leaderboard", "/"),
        ];
        foreach (var (name, address) in pages) await MeasureAsync(browser, name, address);
        await MeasureAsync(browser, "controls-models.svg", "/plots/controls-models.svg");
        await MeasureAsync(browser, "/v1/controls", "/v1/controls");
        Console.WriteLine($"peak memory: evaluator {services.EvaluatorMegabytes:0} MiB, statistics {services.StatsMegabytes:0} MiB");
    }

    /// <summary>The pages that show most of a release, over a store of another size.</summary>
    public static async Task MeasureGrowthAsync(string store, int cases)
    {
        using var services = await RunningServices.StartAsync(store);
        using var browser = new HttpClient { BaseAddress = services.Pages, Timeout = TimeSpan.FromMinutes(10) };
        await MeasureStartAsync(browser, services.Started);
        var pages = ((string Name, string Address)[])
        [
            ("Leaderboard", "/"), ("Model", $"/model?name={GeneratedStore.ModelName(0)}"), ("Compare", "/compare"), ("Cases", "/cases"),
            ("Cases, filtered", "/cases?outcome=wrong&agree=split&sort=hard"), ("Case", $"/case?id={cases / 2}"), ("Slices", "/slices"),
            ("Items, all", "/items?order=all"),
            ("Runs", "/runs"),
        ];
        foreach (var (name, address) in pages) await MeasureAsync(browser, name, address);
        foreach (var plot in Plots) await MeasureAsync(browser, plot + ".svg", $"/plots/{plot}.svg");
        Console.WriteLine($"  peak memory: evaluator {services.EvaluatorMegabytes:#,0} MiB, statistics {services.StatsMegabytes:#,0} MiB");
    }

    private static async Task MeasureWaitAsync(HttpClient browser, string what, string address)
    {
        var clock = Stopwatch.StartNew();
        Visit visit;
        do visit = await VisitAsync(browser, address);
        while (visit.IsWaiting);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-22} {clock.Elapsed.TotalSeconds:0.000} s until it has its numbers"));
    }

    // A page that is asked for before anything is loaded says so at once; then it is asked until it has its numbers.
    private static async Task MeasureStartAsync(HttpClient browser, Stopwatch sinceStart)
    {
        var first = await VisitAsync(browser, "/");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"first page after the start: {first.FirstByte:0.000} s / {first.Whole:0.000} s{(first.IsWaiting ? ", says that it is loading" : "")}"));
        var visit = first;
        while (visit.IsWaiting) visit = await VisitAsync(browser, "/");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"first page with numbers: {sinceStart.Elapsed.TotalSeconds:0.0} s after the start of both services"));
    }

    private static async Task<double> MeasureAsync(HttpClient browser, string name, string address)
    {
        var first = await VisitAsync(browser, address);
        var later = new List<Visit>();
        while (later.Count < Visits) later.Add(await VisitAsync(browser, address));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-22} {first.FirstByte:0.000} / {first.Whole:0.000} s{(first.IsWaiting ? " (loading)" : "          ")}   {Median(later, v => v.FirstByte):0.000} / {Median(later, v => v.Whole):0.000} s   {later.Max(v => v.Whole):0.000} s{(later.Exists(v => v.IsWaiting) ? " (loading)" : "")}   {later[^1].Length / 1000} kB"));
        return Math.Max(first.Whole, later.Max(v => v.Whole));
    }

    private static async Task<Visit> VisitAsync(HttpClient browser, string address)
    {
        var clock = Stopwatch.StartNew();
        using var response = await browser.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[1];
        var read = await body.ReadAsync(first);
        var firstByte = clock.Elapsed.TotalSeconds;
        var rest = await new StreamReader(body).ReadToEndAsync();
        return new Visit(firstByte, clock.Elapsed.TotalSeconds, read + rest.Length, rest.Contains(Waiting, StringComparison.Ordinal));
    }

    private static double Median(List<Visit> visits, Func<Visit, double> of) => visits.Select(of).Order().ElementAt(visits.Count / 2);

    private static async Task WaitForEnterAsync(Uri pages)
    {
        Console.WriteLine($"the pages stay at {pages} until Enter");
        await Console.In.ReadLineAsync();
    }

    private sealed record Visit(double FirstByte, double Whole, int Length, bool IsWaiting);
}
