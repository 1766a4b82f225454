using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LiveClin.Benchmarks.Pages;

/// <summary>Evaluator and statistics service as processes, from their Release builds.</summary>
internal sealed class RunningServices : IDisposable
{
    private readonly Process _evaluator, _stats;

    private RunningServices(Process evaluator, Process stats, Uri pages, Stopwatch started) =>
        (_evaluator, _stats, Pages, Started) = (evaluator, stats, pages, started);

    /// <summary>Where the pages are.</summary>
    public Uri Pages { get; }

    /// <summary>Time since both were started.</summary>
    public Stopwatch Started { get; }

    public double EvaluatorMegabytes => Memory(_evaluator, "VmHWM:");

    public double StatsMegabytes => Memory(_stats, "VmHWM:");

    public double StatsMegabytesNow => Memory(_stats, "VmRSS:");

    /// <summary>Starts both over a store and waits until they take calls.</summary>
    public static async Task<RunningServices> StartAsync(string store)
    {
        var ports = FreePorts(4);
        var started = Stopwatch.StartNew();
        var evaluator = Start("LiveClin.Evaluator", ports[0], ports[1], ("LiveClin__Store", store));
        var stats = Start("LiveClin.Stats", ports[2], ports[3], ("LiveClin__Evaluator", $"http://127.0.0.1:{ports[1]}"));
        var services = new RunningServices(evaluator, stats, new Uri($"http://127.0.0.1:{ports[2]}"), started);
        using var client = new HttpClient();
        foreach (var port in new[] { ports[0], ports[2] })
        {
            while (!await IsAliveAsync(client, port))
            {
                if (evaluator.HasExited || stats.HasExited) throw new InvalidOperationException("A service ended while it was starting.");
                await Task.Delay(20);
            }
        }

        return services;
    }

    /// <summary>Waits until they know the results and have computed nothing for two seconds.</summary>
    public async Task SettleAsync()
    {
        using (var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) })
            await client.GetByteArrayAsync(new Uri(Pages, "/v1/leaderboard"));
        for (var before = TimeSpan.Zero; ;)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            _evaluator.Refresh();
            _stats.Refresh();
            var now = _evaluator.TotalProcessorTime + _stats.TotalProcessorTime;
            if (now - before < TimeSpan.FromMilliseconds(100)) return;
            before = now;
        }
    }

    public void Dispose()
    {
        foreach (var process in new[] { _stats, _evaluator })
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static Process Start(string project, int http, int grpc, (string Name, string Value) setting)
    {
        var program = Path.Combine(BenchmarkPaths.RepositoryRoot, project, "bin", "Release", "net10.0", project + ".dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is absent. Build it first: dotnet build -c Release {project}", program);
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true };
        start.Environment[setting.Name] = setting.Value;
        start.Environment["LiveClin__Access__Anonymous"] = "true";
        start.Environment["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{http}";
        start.Environment["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{grpc}";
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<bool> IsAliveAsync(HttpClient client, int port)
    {
        try
        {
            using var response = await client.GetAsync($"http://127.0.0.1:{port}/alive");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    // All are held until all are known, so that none is given twice.
    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }

    private static double Memory(Process process, string which) =>
        double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(which, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
