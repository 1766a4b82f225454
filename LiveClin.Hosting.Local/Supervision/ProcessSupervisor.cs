using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Supervision;

/// <summary>What to start.</summary>
/// <param name="Program">Full path.</param>
/// <param name="Arguments">Its arguments, as they are.</param>
/// <param name="Folder">Working directory.</param>
/// <param name="Environment">Variables on top of the inherited ones; null removes one.</param>
internal sealed record ProcessSpecification(string Program, IReadOnlyList<string> Arguments, string Folder, IReadOnlyDictionary<string, string?> Environment);

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n ended it.</param>
/// <param name="Reason">The same in words.</param>
internal sealed record ProcessExit(int ExitCode, string Reason);

/// <summary>Starts processes in sessions of their own, captures both output streams, and ends whole trees.</summary>
internal sealed class ProcessSupervisor(Guardian guardian)
{
    private int _starts;

    public SupervisedProcess Start(ProcessSpecification specification, ResourceLog log)
    {
        guardian.Start();
        var start = Sessions.Own(specification.Program, specification.Arguments);
        start.WorkingDirectory = specification.Folder;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var (name, value) in specification.Environment) start.Environment[name] = value;
        var mark = $"{guardian.HostId}.{Interlocked.Increment(ref _starts)}.";
        start.Environment[ProcessTree.MarkVariable] = mark;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{specification.Program} could not be started.");
        guardian.Add(process.Id);
        process.StandardInput.Close();
        return new SupervisedProcess(process, mark, log, () => guardian.Remove(process.Id));
    }
}

/// <summary>A running process and its tree.</summary>
internal sealed class SupervisedProcess
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly string _mark;

    public SupervisedProcess(Process process, string mark, ResourceLog log, Action ended)
    {
        _process = process;
        _mark = mark;
        Id = process.Id;
        var pumps = Task.WhenAll(
            OutputPump.RunAsync(process.StandardOutput.BaseStream, line => log.Append(line, isError: false)),
            OutputPump.RunAsync(process.StandardError.BaseStream, line => log.Append(line, isError: true)));
        Exited = WatchAsync(pumps, ended);
    }

    public int Id { get; }

    /// <summary>Completes when the process and everything below it has ended and its output is read.</summary>
    public Task<ProcessExit> Exited { get; }

    /// <summary>SIGTERM to the process, and SIGKILL to its whole tree when it has not ended after <paramref name="grace"/>.</summary>
    public async Task<ProcessExit> StopAsync(TimeSpan grace)
    {
        // Only the root is asked: a server that is asked to end wants to end its workers itself.
        ProcessTree.Terminate(Id);
        if (await Task.WhenAny(Exited, Task.Delay(grace)).ConfigureAwait(false) != Exited)
            await ProcessTree.KillAsync([Id], _mark, KillPatience).ConfigureAwait(false);
        return await Exited.ConfigureAwait(false);
    }

    private async Task<ProcessExit> WatchAsync(Task pumps, Action ended)
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await ProcessTree.KillAsync([Id], _mark, KillPatience).ConfigureAwait(false);
        ended();
        await Task.WhenAny(pumps, Task.Delay(DrainPatience)).ConfigureAwait(false);
        var code = _process.ExitCode;
        _process.Dispose();
        return new ProcessExit(code, Describe(code));
    }

    private static string Describe(int code) => code switch
    {
        0 => "exit code 0",
        129 or 130 or 131 or 134 or 135 or 136 or 137 or 139 or 141 or 143 when !OperatingSystem.IsWindows() => $"exit code {code} (signal {code - 128}, {SignalName(code - 128)})",
        _ => $"exit code {code}",
    };

    private static string SignalName(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        _ => "SIGTERM",
    };
}
