using System.Diagnostics;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Dashboard;

/// <summary>The app host as people start it, in a process of its own, with results in a folder of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _results;

    private AppHostProcess(Process process, DirectoryInfo results, Uri loginUrl) => (_process, _results, LoginUrl) = (process, results, loginUrl);

    /// <summary>The address that it printed.</summary>
    public Uri LoginUrl { get; }

    public static async Task<AppHostProcess> StartAsync(params string[] arguments)
    {
        // …/LiveClin.AppHost.Tests/bin/<configuration>/net10.0/ tells which build is under test.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var folder = Path.Combine(SharedData.RepositoryRoot, "LiveClin.AppHost");
        var results = Directory.CreateTempSubdirectory("liveclin-stack-");
        var start = Interruptible.Start("dotnet", [Path.Combine(folder, "bin", configuration, "net10.0", "LiveClin.AppHost.dll"), "--results", results.FullName, .. arguments]);
        (start.WorkingDirectory, start.RedirectStandardOutput) = (folder, true);
        // As in development: telemetry is exported every second.
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!line.StartsWith("Dashboard: ", StringComparison.Ordinal)) continue;
            // Read on: a full pipe would hold the app host up.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new(process, results, new Uri(line["Dashboard: ".Length..]));
        }

        throw new InvalidOperationException("The app host ended before it printed its dashboard's address.");
    }

    public async ValueTask DisposeAsync()
    {
        using (var interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(null, null)])) await interrupt.WaitForExitAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail("The app host did not end within 30 s of an interrupt.");
        }
        finally
        {
            _process.Dispose();
            _results.Delete(recursive: true);
        }
    }
}
