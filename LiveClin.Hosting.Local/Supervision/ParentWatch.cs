using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Supervision;

/// <summary>Stops the application when it was started by <c>dotnet run</c> and that is killed: nobody would stop it any more.</summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || Parent() is not { } parent || !IsDotNetRun(parent)) return;
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (Parent() == parent) continue;
                lifetime.StopApplication();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops anyway.
        }
    }

    // Sample: 4242 (LiveClin.AppHost) S 1 …
    private static int? Parent() =>
        int.TryParse(File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static bool IsDotNetRun(int pid)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
            return Path.GetFileName(words[0]) == "dotnet" && words.Contains("run");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
