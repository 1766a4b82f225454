using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Supervision;

/// <summary>The app host's side of the guardian process: starts it, tells it of every process, and says farewell at the end.</summary>
internal sealed class Guardian(ILogger<Guardian> logger) : IDisposable
{
    private const int MaximumStarts = 3;
    private readonly Lock _lock = new();
    private readonly HashSet<int> _roots = [];
    private Process? _process;
    private int _starts;
    private bool _farewell;

    /// <summary>Marks the processes of this app host.</summary>
    public string HostId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Starts the guardian, if it does not run.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_process is null) Launch();
        }
    }

    public void Add(int pid) => Tell('+', pid);

    public void Remove(int pid) => Tell('-', pid);

    /// <summary>Everything has ended in order: the guardian may go. Otherwise it ends what is left, because its input closes without a farewell.</summary>
    public void Dispose()
    {
        Process? process;
        lock (_lock)
        {
            _farewell = true;
            if (_roots.Count == 0) Write("farewell");
            (process, _process) = (_process, null);
        }

        // Not under the lock: a process holds its own lock while it reports its exit, which wants ours.
        process?.StandardInput.Close();
        process?.Dispose();
    }

    private void Tell(char verb, int pid)
    {
        lock (_lock)
        {
            if (verb == '+') _roots.Add(pid);
            else _roots.Remove(pid);
            Write($"{verb}{pid}");
        }
    }

    private void Launch()
    {
        if (++_starts > MaximumStarts) return;
        try
        {
            var start = Sessions.Own(DotNet.Path, ["exec", typeof(Guardian).Assembly.Location, "guardian", HostId]);
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            // It holds a few numbers: a small heap and one compilation tier keep it light.
            start.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000";
            start.Environment["DOTNET_gcServer"] = "0";
            start.Environment["DOTNET_TieredPGO"] = "0";
            _process = Process.Start(start)!;
            _process.EnableRaisingEvents = true;
            _process.Exited += (_, _) => Revive();
            foreach (var root in _roots) Write($"+{root}");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            HostingLog.GuardianUnavailable(logger, e.Message);
        }
    }

    private void Revive()
    {
        lock (_lock)
        {
            if (_farewell) return;
            HostingLog.GuardianUnavailable(logger, _starts < MaximumStarts ? "it ended and is started again" : "it ended too often");
            Launch();
        }
    }

    private void Write(string line)
    {
        try
        {
            _process?.StandardInput.WriteLine(line);
            _process?.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Its exit is noticed by its event, which starts another.
        }
    }
}
