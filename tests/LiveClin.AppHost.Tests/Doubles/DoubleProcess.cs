using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Doubles;

/// <summary>A stand-in as a running process: its log can be awaited line by line, and it ends with the test.</summary>
internal sealed class DoubleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = HangGuard.Longest;
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private DoubleProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Log => _log.ToString();

    public HttpClient Http => field ??= new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{Port}"),
        Timeout = Patience,
    };

    /// <summary>Starts <c>python3 -m sglang.launch_server</c> on a free port (or the one given).</summary>
    public static DoubleProcess StartSGLang(string modelPath, string[]? arguments = null, FakeGpus? gpus = null,
        JsonObject? behaviour = null, int? port = null)
    {
        var chosen = port ?? FreePort.Find();
        return Start("python3", ["-m", "sglang.launch_server", "--model-path", modelPath, "--port", $"{chosen}", .. arguments ?? []], gpus,
            behaviour, chosen);
    }

    /// <summary>Runs <c>nvidia-smi</c> or <c>amd-smi</c> to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, FakeGpus? gpus)
    {
        // A bare name would be searched for on this process's PATH, not on the child's.
        await using var run = Start(Path.Combine(LiveClin.Testing.Doubles.Programs, program), arguments, gpus, null, 0);
        var output = run._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await run.ReadLineAsync() is not null) { }
        return (await run.ExitAsync(), await output + run.Log);
    }

    /// <summary>Reads the log up to a line that contains the text.</summary>
    public async Task LogAsync(string text)
    {
        while (await ReadLineAsync() is { } line)
            if (line.Contains(text, StringComparison.Ordinal)) return;
        Assert.Fail($"The process ended without saying \"{text}\":\n{Log}");
    }

    /// <summary>The exit code, the whole log read.</summary>
    public async Task<int> ExitAsync()
    {
        while (await ReadLineAsync() is not null) { }
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static DoubleProcess Start(string program, string[] arguments, FakeGpus? gpus, JsonObject? behaviour, int port)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in LiveClin.Testing.Doubles.Environment(gpus, behaviour)) start.Environment[name] = value;
        return new DoubleProcess(RequiredProgram.Start(start), port);
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = await _process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        if (line is not null) _log.AppendLine(line);
        return line;
    }
}
