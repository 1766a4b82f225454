using System.Diagnostics;
using System.Globalization;

namespace LiveClin.Benchmarks.Evaluate;

/// <summary>
/// The processor time that <c>evaluate</c> takes for a request under each condition, against the published way. Rounds alternate; from each
/// process that of one that asks a single case is taken away, so that starting weighs the same however many requests a condition makes.
/// </summary>
internal static class ConditionsBenchmark
{
    private const string Published = "published";

    private static readonly string[] Conditions =
        ["shuffled:1", "gold-history", "single-turn", "no-images", "images-missing", "choices-only", "no-case", "blank-images",
            "swapped-images"];

    public static async Task<int> RunAsync(string[] args)
    {
        var cases = EvaluateBenchmark.Number(args, "--cases", 1407);
        var rounds = EvaluateBenchmark.Number(args, "--rounds", 3);
        var root = BenchmarkPaths.RepositoryRoot;
        var folder = Directory.CreateTempSubdirectory("liveclin-bench-").FullName;
        try
        {
            var evaluator = await EvaluateBenchmark.BuildAsync(root);
            var jsonl = GeneratedRelease.Write(Path.Combine(root, "data", "demo"), folder, cases);
            using var server = EvaluateBenchmark.StartServer();
            var url = (await server.StandardOutput.ReadLineAsync())!;
            Dictionary<string, List<double>> perRequest = [];
            for (var round = 0; round < rounds; round++)
            {
                foreach (var condition in (string[])[Published, .. Conditions])
                {
                    var begun = await MeasureAsync("--limit", "1");
                    var whole = await MeasureAsync();
                    var cost = 1000 * (whole.Cpu - begun.Cpu) / (whole.Requests - begun.Requests);
                    perRequest.TryAdd(condition, []);
                    perRequest[condition].Add(cost);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{condition} {round + 1}: {cost:0.000} ms of CPU per request ({whole.Requests} requests, {whole.Seconds:0.0} s)"));

                    async Task<(double Cpu, double Seconds, long Requests)> MeasureAsync(params string[] more)
                    {
                        var store = Path.Combine(folder, Path.GetRandomFileName() + ".db");
                        var measured = await ProcessMeter.RunAsync("dotnet",
                        [
                            evaluator, "evaluate", "--model", "bench", "--api-base", url, "--image-mode", "local", "--jsonl-path", jsonl,
                            "--store", store,
                            "--params", "plain", "--condition", condition, .. more,
                        ]);
                        File.Delete(store);
                        return (measured.CpuSeconds, measured.Seconds, (await EvaluateBenchmark.CountsAsync(server)).Requests);
                    }
                }
            }

            server.StandardInput.Close();
            await server.WaitForExitAsync();
            foreach (var condition in Conditions)
            {
                var ratio = Median(perRequest[condition].Zip(perRequest[Published], (conditioned, published) => conditioned / published));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{condition}: {Median(perRequest[condition]):0.000} ms per request, {ratio:0.00} × published (median of {rounds} rounds; aim: at most 1.05)"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
