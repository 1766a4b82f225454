using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Supervision;

/// <summary>
/// The guardian process: this assembly run on its own. It reads the ids of started processes from its standard input; when that ends without a
/// farewell, the app host is dead, and everything that it had started is ended here.
/// </summary>
internal static class GuardianProgram
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> Main(string[] args)
    {
        if (args is not ["guardian", var hostId])
        {
            await Console.Error.WriteLineAsync("This assembly is a library; the app host starts it as its guardian process.").ConfigureAwait(false);
            return 2;
        }

        // Whatever ends the app host politely reaches the guardian through its input.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => c.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => c.Cancel = true);
        var roots = new HashSet<int>();
        while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line == "farewell") return 0;
            var pid = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            if (line[0] == '+') roots.Add(pid);
            else roots.Remove(pid);
        }

        await EndAsync(roots, hostId + ".").ConfigureAwait(false);
        return 0;
    }

    private static async Task EndAsync(HashSet<int> roots, string mark)
    {
        foreach (var root in roots) ProcessTree.Terminate(root);
        var since = Stopwatch.GetTimestamp();
        while (OperatingSystem.IsLinux() && Stopwatch.GetElapsedTime(since) < Grace && ProcessTree.FindAlive(roots, mark).Count > 0)
            await Task.Delay(50).ConfigureAwait(false);
        await ProcessTree.KillAsync(roots, mark, Patience).ConfigureAwait(false);
    }
}
