using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace LiveClin.Launcher;

/// <summary>
/// Owns the server's tree from a session of its own: it is the parent of the server and of all that loses its parent, hands both outputs
/// on, and ends everything when it is told to, when the server itself has ended, or when launcher or app host are gone.
/// </summary>
internal sealed class ServerKeeper(LaunchOptions options)
{
    /// <summary>From SIGTERM to SIGKILL when nobody waits for the server any more.</summary>
    public static readonly TimeSpan Hurry = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReapInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);
    private readonly ServerLog _log = new(options.LogFile);
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly string _mark = $"{options.Mark}.{Environment.ProcessId}";
    private bool _isLogProblemSaid;
    private long? _killAt;
    private Process? _server;

    public async Task<int> RunAsync()
    {
        Native.NewSession();
        Native.BecomeSubreaper();
        // Whoever wants something of the keeper says it through its input.
        using var interrupt = Ignore(PosixSignal.SIGINT);
        using var terminate = Ignore(PosixSignal.SIGTERM);
        using var hangUp = Ignore(PosixSignal.SIGHUP);
        using var quit = Ignore(PosixSignal.SIGQUIT);
        var host = options.AppHost == 0 ? null : ProcessTable.Find(options.AppHost);
        if (Programs.Find(options.Program) is not { } program)
        {
            Say(Messages.Error, $"launcher: the program '{options.Program}' was not found{(options.Program.Contains('/') ? "" : " on PATH")}");
            Say(Messages.Ended, $"{LauncherExitCodes.NotFound}");
            return LauncherExitCodes.Success;
        }

        try
        {
            Say(Messages.Ended, $"{await KeepAsync(program, host).ConfigureAwait(false)}");
        }
        catch (Win32Exception e)
        {
            Say(Messages.Error, $"launcher: {program} cannot be started: {e.Message}");
            Say(Messages.Ended, $"{LauncherExitCodes.NotExecutable}");
        }

        return LauncherExitCodes.Success;
    }

    private async Task<int> KeepAsync(string program, ProcessEntry? host)
    {
        using var server = Start(program);
        lock (_lock) _server = server;
        Say(Messages.Started, $"{server.Id}");
        var pumps = Task.WhenAll(
            LinePump.RunAsync(server.StandardOutput.BaseStream, line => Say(Messages.Output, line)),
            LinePump.RunAsync(server.StandardError.BaseStream, line => Say(Messages.Error, line)));
        var ended = server.WaitForExitAsync(CancellationToken.None);
        _ = ObeyAsync();
        if (options.AppHost != 0) _ = WatchHostAsync(host);
        _ = ReapAsync(server.Id);
        await Task.WhenAny(ended, Task.Delay(Timeout.Infinite, _kill.Token)).ConfigureAwait(false);
        // Of a server that has ended, what is left is nobody's any more; one that has not ended in time ends with all it has started.
        if (!await ServerTree.KillAsync(_mark, Environment.ProcessId, KillPatience).ConfigureAwait(false))
            Say(Messages.Error, $"launcher: not even SIGKILL has ended the processes {string.Join(", ", ServerTree.FindAlive(_mark, Environment.ProcessId))} within {KillPatience.TotalSeconds:0} s");
        await Task.WhenAny(ended, Task.Delay(KillPatience)).ConfigureAwait(false);
        await Task.WhenAny(pumps, Task.Delay(OutputPatience)).ConfigureAwait(false);
        await _ended.CancelAsync().ConfigureAwait(false);
        return server.HasExited ? server.ExitCode : LauncherExitCodes.Killed;
    }

    private Process Start(string program)
    {
        // setsid(1) makes a session for the server and becomes the server: one that ends its own group does not end its keeper.
        var setsid = Programs.Find("setsid");
        var start = new ProcessStartInfo(setsid ?? program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (setsid is not null) start.ArgumentList.Add(program);
        foreach (var argument in options.Arguments) start.ArgumentList.Add(argument);
        start.Environment[ServerTree.MarkVariable] = _mark + ".";
        var server = Process.Start(start)!;
        server.StandardInput.Close();
        return server;
    }

    // The launcher's words; when they end without a farewell, the launcher is dead.
    private async Task ObeyAsync()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        var isDismissed = false;
        while (await input.ReadLineAsync().ConfigureAwait(false) is { } word)
        {
            if (word == Messages.Stop) End(options.StopTimeout);
            else if (word == Messages.Hurry) End(Hurry);
            else if (word == Messages.Leave) isDismissed = true;
        }

        if (!isDismissed) End(Hurry);
    }

    private async Task WatchHostAsync(ProcessEntry? host)
    {
        using var timer = new PeriodicTimer(WatchInterval);
        while (host is not null && ProcessTable.IsAlive(host)) await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false);
        End(Hurry);
    }

    // Orphans that came here and have died: .NET waits for its own children only.
    private async Task ReapAsync(int server)
    {
        using var timer = new PeriodicTimer(ReapInterval);
        while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
        {
            var dead = ProcessTable.Read().Where(p => p.IsDead && p.Parent == Environment.ProcessId && p.Pid != server);
            foreach (var orphan in dead) Native.Reap(orphan.Pid);
        }
    }

    // The server alone is asked: one that drains wants to end its workers itself. A later wish can only shorten its time.
    private void End(TimeSpan patience)
    {
        if (patience > options.StopTimeout) patience = options.StopTimeout;
        lock (_lock)
        {
            var at = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
            if (_killAt <= at) return;
            if (_killAt is null && _server is { HasExited: false } server) Native.Signal(server.Id, Native.SigTerm);
            _killAt = at;
            _kill.CancelAfter(patience);
        }
    }

    private void Say(char kind, string text)
    {
        try
        {
            lock (_output)
            {
                if (kind is Messages.Output or Messages.Error) Keep(text);
                _output.Write(Encoding.UTF8.GetBytes($"{kind}{text}\n"));
            }
        }
        catch (IOException)
        {
            // The launcher is gone; the server's output has to be read all the same.
        }
    }

    private void Keep(string text)
    {
        var known = _isLogProblemSaid;
        _log.Write(text);
        _isLogProblemSaid = _log.Problem is not null;
        if (_isLogProblemSaid && !known) _output.Write(Encoding.UTF8.GetBytes($"{Messages.Error}{_log.Problem}\n"));
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, context => context.Cancel = true);
}

/// <summary>Finds programs as a shell would.</summary>
internal static class Programs
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Full path of a program, or null.</summary>
    public static string? Find(string name)
    {
        if (name.Contains('/')) return IsProgram(name) ? Path.GetFullPath(name) : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string file)
    {
        if (OperatingSystem.IsWindows()) return false;
        return File.Exists(file) && (File.GetUnixFileMode(file) & Executable) != 0;
    }
}
