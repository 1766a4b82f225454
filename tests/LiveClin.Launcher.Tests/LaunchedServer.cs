using System.Diagnostics;
using System.Globalization;
using System.Text;
using LiveClin.Testing;

namespace LiveClin.Launcher.Tests;

/// <summary>
/// A launcher as a process of its own, with a server that is a Python script. It stands for the orchestrator: it starts, signals and
/// kills.
/// </summary>
internal sealed class LaunchedServer : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _read;

    private LaunchedServer(Process process, string mark)
    {
        (Process, Mark) = (process, mark);
        _read = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    /// <summary>The launcher's process.</summary>
    public Process Process { get; }

    public string Mark { get; }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts a launcher that runs a Python script, or another program.</summary>
    public static LaunchedServer Start(string script, string[]? options = null, string? mark = null,
        Dictionary<string, string>? environment = null) =>
        StartProgram(["python3", "-u", "-c", script], options, mark, environment);

    public static LaunchedServer StartProgram(string[] program, string[]? options = null, string? mark = null,
        Dictionary<string, string>? environment = null)
    {
        mark ??= $"test-{Guid.NewGuid():N}";
        string[] all = [typeof(LaunchOptions).Assembly.Location, "--mark", mark, .. options ?? [], "--", .. program];
        var start = new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return new LaunchedServer(RequiredProgram.Start(start), mark);
    }

    /// <summary>The keeper's process id.</summary>
    public int Keeper() =>
        ProcessTable.Read().Single(p => ProcessTable.HasArguments(p.Pid, Roles.Keep, LaunchOptions.MarkOption, Mark)).Pid;

    /// <summary>Waits until the server has said something on its standard output.</summary>
    public async Task SaysAsync(string text)
    {
        while (!Output.Contains(text, StringComparison.Ordinal) && !Errors.Contains(text, StringComparison.Ordinal))
        {
            if (_read.IsCompleted) Assert.Fail($"The launcher ended without '{text}':\n{Output}\n{Errors}");
            await Task.Delay(10, Stop);
        }
    }

    /// <summary>Waits for the end of the launcher, its output read: exit code.</summary>
    public async Task<int> EndAsync()
    {
        await Process.WaitForExitAsync(Stop);
        await _read.WaitAsync(Stop);
        return Process.ExitCode;
    }

    public void Signal(int signal) => Native.Signal(Process.Id, signal);

    /// <summary>Waits until nothing of the server is left.</summary>
    public async Task GoneAsync()
    {
        while (!ServerTree.IsGone(Mark)) await Task.Delay(20, Stop);
    }

    public IReadOnlyList<int> Alive() => ServerTree.FindAlive(Mark);

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited) Process.Kill();
        await ServerTree.KillAsync(Mark, null, TimeSpan.FromSeconds(10));
        Process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text) text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}

/// <summary>Servers of the tests, in Python.</summary>
internal static class Scripts
{
    /// <summary>Says that it is up and waits.</summary>
    public const string Waits = """
        import signal
        print("up", flush=True)
        signal.pause()
        """;

    /// <summary>Does not end on SIGTERM.</summary>
    public const string Deaf = """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("up", flush=True)
        while True: time.sleep(60)
        """;

    /// <summary>Ends so many seconds after SIGTERM, with exit code 7.</summary>
    public static string Drains(double seconds) => string.Create(CultureInfo.InvariantCulture, $$"""
        import signal, sys, time
        asked = []  # no Event: its lock may be held where the signal comes, and then nobody ever gets it
        signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
        print("up", flush=True)
        while not asked: time.sleep(0.05)
        print("draining", flush=True)
        time.sleep({{seconds}})
        print("drained", flush=True)
        sys.exit(7)
        """);

    /// <summary>Ends after SIGTERM as soon as a file is there, with exit code 7.</summary>
    public static string DrainsUntil(string file) => Drains(0).Replace("time.sleep(0)", $"""
        import os
        while not os.path.exists('{file}'): time.sleep(0.05)
        """, StringComparison.Ordinal);

    /// <summary>
    /// A child, a grandchild in a session of its own, a daemon (forked twice, own session) and one that has thrown its environment away;
    /// all hold the outputs and are deaf to SIGTERM. When all of them are up, the given ending of the root.
    /// </summary>
    public static string Family(string ending) => """
        import os, signal, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        everybody, mine = os.pipe()
        def say(name): os.write(1, f"{name} {os.getpid()}\n".encode())
        def stay(name):
            say(name)
            while True: time.sleep(60)
        def begin(name):
            say(name)
            os.close(mine)
            while True: time.sleep(60)
        if os.fork() == 0:
            if os.fork() == 0:
                os.setsid()
                begin("grandchild")
            begin("child")
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: begin("daemon")
            os._exit(0)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                say("bare")
                os.execve("/bin/sleep", ["sleep", "600"], {})
            os._exit(0)
        os.wait(); os.wait()
        os.close(mine)
        os.read(everybody, 1)  # ends when all have closed theirs; sleep, as it begins
        print("family", flush=True)

        """ + ending;
}
