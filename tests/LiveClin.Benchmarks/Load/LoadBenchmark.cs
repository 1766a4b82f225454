using System.Diagnostics;
using System.Globalization;
using LiveClin.Benchmarks.Pages;
using LiveClin.Benchmarks.Statistics;

namespace LiveClin.Benchmarks.Load;

/// <summary>
/// Many clients ask the statistics service for what takes longest, over 30 models × 1,407 cases: how long each waits, and what memory the
/// service needs meanwhile and keeps afterwards.
/// </summary>
internal static class LoadBenchmark
{
    private const int DefaultClients = 50, DefaultCalls = 12;

    // What nobody asks for again is kept for two minutes.
    private static readonly TimeSpan[] Rests = [TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(180)];

    public static async Task<int> RunAsync(string[] args)
    {
        var (clients, calls) = (Number(args, "--clients", DefaultClients), Number(args, "--calls", DefaultCalls));
        var folder = Directory.CreateTempSubdirectory("liveclin-load-").FullName;
        try
        {
            var store = args.SkipWhile(word => word != "--store").Skip(1).FirstOrDefault() ?? Path.Combine(folder, "store.db");
            if (!File.Exists(store)) await GeneratedStore.FillAsync(store);
            Console.WriteLine($"{clients} clients, {calls} calls each, {GeneratedStore.Models} models x {GeneratedStore.CaseCount} cases, {Environment.ProcessorCount} cores");
            using (var started = await RunningServices.StartAsync(store))
            {
                Console.WriteLine("all at once, when the services have done what they do at their start:");
                await started.SettleAsync();
                await MeasureAsync(started, clients, calls);
            }

            using var services = await RunningServices.StartAsync(store);
            Console.WriteLine("all at once, nothing computed before:");
            await MeasureAsync(services, clients, calls);
            Console.WriteLine("the same again:");
            await MeasureAsync(services, clients, calls);
            Print("statistics, peak", services.StatsMegabytes);
            Print("evaluator, peak", services.EvaluatorMegabytes);
            var end = Stopwatch.StartNew();
            foreach (var rest in Rests)
            {
                await Task.Delay(rest - end.Elapsed);
                Print($"statistics, {rest.TotalSeconds:0} s later", services.StatsMegabytesNow);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(RunningServices services, int clients, int calls)
    {
        var clock = Stopwatch.StartNew();
        var waits = (await Task.WhenAll(Enumerable.Range(0, clients).Select(client => ClientAsync(services.Pages, client, calls))))
            .SelectMany(all => all).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {waits.Count} calls in {clock.Elapsed.TotalSeconds:0.0} s, failed: {waits.Count(wait => wait.Failure is not null)}"));
        foreach (var failures in waits.Where(wait => wait.Failure is not null).GroupBy(wait => wait.Failure))
            Console.WriteLine($"    {failures.Count()} x {failures.Key}");
        Print("all calls", waits);
        foreach (var kind in waits.GroupBy(wait => wait.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)) Print(kind.Key, [.. kind]);
    }

    // Each client has an order of its own, so that all kinds are under way at any time.
    private static async Task<List<Wait>> ClientAsync(Uri address, int client, int calls)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        var random = new Random(client);
        var waits = new List<Wait>();
        for (var call = 0; call < calls; call++)
        {
            var (kind, path) = ExpensiveCalls.Draw(random);
            var clock = Stopwatch.StartNew();
            string? failure = null;
            try
            {
                using var response = await http.GetAsync(path);
                await response.Content.ReadAsByteArrayAsync();
                if (!response.IsSuccessStatusCode) failure = $"{kind}: {(int)response.StatusCode}";
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
            {
                failure = $"{kind}: {error.Message}";
            }

            waits.Add(new Wait(kind, clock.Elapsed.TotalSeconds, failure));
        }

        return waits;
    }

    private static void Print(string what, List<Wait> waits)
    {
        var seconds = waits.Select(wait => wait.Seconds).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {what,-24} {waits.Count,5} calls   median {At(seconds, 0.5):0.000} s   p95 {At(seconds, 0.95):0.000} s   longest {seconds[^1]:0.000} s"));
    }

    private static double At(List<double> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private static void Print(string what, double megabytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-30} {megabytes:0} MiB"));

    private static int Number(string[] args, string name, int otherwise) =>
        args.SkipWhile(word => word != name).Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))
            .FirstOrDefault(otherwise);

    private sealed record Wait(string Kind, double Seconds, string? Failure);
}
