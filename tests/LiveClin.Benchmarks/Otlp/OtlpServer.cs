using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LiveClin.Hosting.Local.Dashboard.Host;
using LiveClin.Hosting.Local.Dashboard.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Benchmarks.Otlp;

/// <summary>What the receiving process holds at the end.</summary>
internal sealed record OtlpReport(long Accepted, int Kept, long Dropped, long Bytes, int MaxSpans, int MaxBytes, long Memory, long PeakMemory);

/// <summary>The dashboard in a process of its own, told apart from the sender's memory and processor time; commands over standard input.</summary>
internal sealed class OtlpServer(Process process) : IDisposable
{
    public static OtlpServer Start() => new(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Arguments()) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    public async Task<OtlpEndpoint> ReadyAsync() => JsonSerializer.Deserialize<OtlpEndpoint>(await ReadAsync())!;

    public async Task<OtlpReport> ReportAsync()
    {
        await process.StandardInput.WriteLineAsync("report");
        return JsonSerializer.Deserialize<OtlpReport>(await ReadAsync())!;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(10_000)) process.Kill();
        process.Dispose();
    }

    /// <summary>The receiving side: runs until its standard input ends.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var host = await DashboardHost.StartAsync(new DashboardOptions(), new NoResources(), NullLoggerFactory.Instance, CancellationToken.None);
        Console.WriteLine(JsonSerializer.Serialize(new OtlpEndpoint(host.OtlpGrpcUrl, host.OtlpHttpUrl, host.OtlpApiKey)));
        while (await Console.In.ReadLineAsync() is not null)
        {
            var (counts, limits) = (host.Telemetry.Traces.Counts, host.Telemetry.Limits);
            using var self = Process.GetCurrentProcess();
            Console.WriteLine(JsonSerializer.Serialize(new OtlpReport(counts.Accepted, counts.Kept, counts.Dropped, counts.Bytes, limits.MaxSpans, limits.MaxSpanBytes, self.WorkingSet64, self.PeakWorkingSet64)));
        }

        return 0;
    }

    // As "dotnet X.dll" the process path is dotnet itself, which needs the assembly first.
    private static string[] Arguments() =>
        string.Equals(Path.GetFileNameWithoutExtension(Environment.ProcessPath), "dotnet", StringComparison.OrdinalIgnoreCase) ? [typeof(OtlpServer).Assembly.Location, "otlp-server"] : ["otlp-server"];

    private async Task<string> ReadAsync() => await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The receiving process ended.");

    private sealed class NoResources : IDashboardResources
    {
        public string ApplicationName => "benchmark";

        public long Version => 0;

        public IReadOnlyList<ResourceView> Resources => [];

        public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resourceId, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public IAsyncEnumerable<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resourceId, CancellationToken cancellationToken) => WatchConsoleAsync(resourceId, cancellationToken);

        public Task<string?> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken) => Task.FromResult<string?>("There are no resources.");
    }
}
