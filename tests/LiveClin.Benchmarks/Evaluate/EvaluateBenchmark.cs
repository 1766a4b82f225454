using System.Diagnostics;
using System.Globalization;

namespace LiveClin.Benchmarks.Evaluate;

/// <summary>
/// The whole <c>evaluate</c> process, durable store on, against bare sockets that send the same conversations to the same server.
/// All are processes of their own; rounds alternate; ratios are those of the medians. The bare sockets come in two forms: all of a
/// request's segments in one call to the kernel, and a call for each.
/// </summary>
internal static class EvaluateBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var cases = Number(args, "--cases", 1407);
        var rounds = Number(args, "--rounds", 3);
        var root = BenchmarkPaths.RepositoryRoot;
        var folder = Directory.CreateTempSubdirectory("liveclin-bench-").FullName;
        try
        {
            var evaluator = args.Contains("--published") ? await PublishAsync(root, folder) : await BuildAsync(root);
            var jsonl = GeneratedRelease.Write(Path.Combine(root, "data", "demo"), folder, cases);
            using var server = StartServer();
            var url = (await server.StandardOutput.ReadLineAsync())!;
            List<Measurement> floors = [], simple = [], runs = [];
            var requests = 0L;
            for (var round = 0; round < rounds; round++)
            {
                string[] floor = [Environment.GetCommandLineArgs()[0], "floor", url, jsonl, Path.Combine(folder, "images"), "100"];
                floors.Add(await ProcessMeter.RunAsync("dotnet", floor));
                Report($"bare sockets, one send per request {round + 1}", floors[^1], await CountsAsync(server));
                simple.Add(await ProcessMeter.RunAsync("dotnet", [.. floor, "one-by-one"]));
                Report($"bare sockets, one send per segment {round + 1}", simple[^1], await CountsAsync(server));
                var store = Path.Combine(folder, $"store-{round}.db");
                runs.Add(await ProcessMeter.RunAsync("dotnet", evaluator, "evaluate", "--model", "bench", "--api-base", url, "--image-mode",
                    "local", "--jsonl-path", jsonl, "--store", store, "--params", "plain"));
                var counts = await CountsAsync(server);
                requests = counts.Requests;
                Report($"evaluate                           {round + 1}", runs[^1], counts);
            }

            server.StandardInput.Close();
            await server.WaitForExitAsync();
            var run = Median(runs);
            foreach (var (name, floor) in new[] { ("request", Median(floors)), ("segment", Median(simple)) })
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"medians: evaluate {run:0.00} s, bare sockets with one send per {name} {floor:0.00} s, ratio {run / floor:0.00} (aim: at most 1.6)"));
            var cpu = 1000 * runs.Select(r => r.CpuSeconds).Order().ElementAt(rounds / 2) / requests;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"CPU: {cpu:0.00} ms per request (aim: at most 0.5); peak: {runs.Max(r => r.PeakMegabytes):0} MiB (aim: at most 260)"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static Process StartServer() => Process.Start(
        new ProcessStartInfo("dotnet", [Environment.GetCommandLineArgs()[0], "server"]) { RedirectStandardInput = true,
            RedirectStandardOutput = true })!;

    // What "dotnet run -c Release" starts.
    internal static async Task<string> BuildAsync(string root)
    {
        var project = Path.Combine(root, "LiveClin.Evaluator");
        await DotnetAsync("build", project, "-c", "Release", "-v", "quiet");
        return Path.Combine(project, "bin", "Release", "net10.0", "LiveClin.Evaluator.dll");
    }

    // What is started from a published folder: compiled ready to run by the SDK.
    private static async Task<string> PublishAsync(string root, string folder)
    {
        var output = Path.Combine(folder, "published");
        await DotnetAsync("publish", Path.Combine(root, "LiveClin.Evaluator"), "-c", "Release", "-p:PublishReadyToRun=true", "-o", output,
            "-v", "quiet");
        return Path.Combine(output, "LiveClin.Evaluator.dll");
    }

    private static async Task DotnetAsync(params string[] arguments)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var log = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        if (build.ExitCode != 0) throw new InvalidOperationException(log);
    }

    internal static async Task<(long Requests, long Bytes)> CountsAsync(Process server)
    {
        await server.StandardInput.WriteLineAsync();
        await server.StandardInput.FlushAsync();
        var counts = (await server.StandardOutput.ReadLineAsync())!.Split(' ');
        return (long.Parse(counts[0], CultureInfo.InvariantCulture), long.Parse(counts[1], CultureInfo.InvariantCulture));
    }

    private static void Report(string name, Measurement measured, (long Requests, long Bytes) counts) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {measured.Seconds:0.00} s, {measured.CpuSeconds:0.00} s CPU, peak {measured.PeakMegabytes:0} MiB ({counts.Requests} requests, {counts.Bytes / 1e9:0.00} GB)"));

    private static double Median(List<Measurement> measured) => measured.Select(m => m.Seconds).Order().ElementAt(measured.Count / 2);

    internal static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
