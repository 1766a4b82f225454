using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LiveClin.Launcher;

/// <summary>
/// Stands where the orchestrator expects the server: it hands on the server's output and exit code, passes wishes to end to the keeper, and
/// ends the server itself should the keeper be killed.
/// </summary>
internal sealed class ServerLauncher(LaunchOptions options)
{
    // The orchestrator kills what has not ended 6 s after its SIGTERM.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(30);
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Stream _error = Console.OpenStandardError();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly int _parent = Native.ParentId();
    private Process? _keeper;
    private int? _exitCode;

    public async Task<int> RunAsync()
    {
        using var terminate = On(PosixSignal.SIGTERM, answerSoon: true);
        using var stay = On((PosixSignal)Native.SigUsr1, answerSoon: false);
        using var interrupt = On(PosixSignal.SIGINT, answerSoon: false);
        using var hangUp = On(PosixSignal.SIGHUP, answerSoon: false);
        using var quit = On(PosixSignal.SIGQUIT, answerSoon: false);
        if (!await WaitForEarlierAsync().ConfigureAwait(false)) return LauncherExitCodes.Terminated;
        using var keeper = KeeperProcess.Start(options);
        lock (_lock)
        {
            _keeper = keeper;
            if (_stopping.IsCancellationRequested) Tell(Messages.Stop);
        }

        var relay = Task.WhenAll(RelayAsync(keeper), LinePump.RunAsync(keeper.StandardError.BaseStream, line => Write(_error, line)));
        _ = WatchParentAsync();
        await Task.WhenAny(relay, Task.Delay(Timeout.Infinite, _leaving.Token)).ConfigureAwait(false);
        if (relay.IsCompleted) return _exitCode ?? await KeeperLostAsync().ConfigureAwait(false);
        Write(_error, $"launcher: the server has not ended yet; it is killed when {options.StopTimeout.TotalSeconds:0.#} s are over");
        Tell(Messages.Leave);
        return LauncherExitCodes.Terminated;
    }

    // One that drains still has the port, and the GPUs.
    private async Task<bool> WaitForEarlierAsync()
    {
        if (ServerTree.IsGone(options.Mark)) return true;
        Write(_error, "launcher: waiting for the end of the server's earlier start");
        try
        {
            if (!await ServerTree.WaitUntilGoneAsync(options.Mark, options.StopTimeout + ServerKeeper.Hurry, _stopping.Token)
                .ConfigureAwait(false))
                await ServerTree.KillAsync(options.Mark, null, KillPatience).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RelayAsync(Process keeper)
    {
        var server = 0;
        while (await keeper.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0) continue;
            if (line[0] == Messages.Output) Write(_output, line[1..]);
            else if (line[0] == Messages.Error) Write(_error, line[1..]);
            else if (line[0] == Messages.Ended) _exitCode = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            else if (line[0] == Messages.Started) server = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        }

        if (_exitCode is { } code && server != 0)
            Write(_error, $"launcher: process {server} ended with {LauncherExitCodes.Describe(code)}");
    }

    private async Task<int> KeeperLostAsync()
    {
        Write(_error, "launcher: the server's keeper was killed; the server is ended");
        await ServerTree.KillAsync(options.Mark, null, KillPatience).ConfigureAwait(false);
        return LauncherExitCodes.Killed;
    }

    // The orchestrator cannot say any more that the server is to end when it is dead itself.
    private async Task WatchParentAsync()
    {
        using var timer = new PeriodicTimer(WatchInterval);
        while (Native.ParentId() == _parent) await timer.WaitForNextTickAsync().ConfigureAwait(false);
        Tell(Messages.Hurry);
    }

    private PosixSignalRegistration On(PosixSignal signal, bool answerSoon) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        lock (_lock)
        {
            _stopping.Cancel();
            Tell(Messages.Stop);
        }

        if (answerSoon) _leaving.CancelAfter(AnswerWithin);
    });

    private void Tell(string word)
    {
        lock (_lock)
        {
            try
            {
                _keeper?.StandardInput.WriteLine(word);
                _keeper?.StandardInput.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // It has ended, which its output tells.
            }
        }
    }

    private void Write(Stream stream, string line)
    {
        try
        {
            lock (_output) stream.Write(Encoding.UTF8.GetBytes(line + '\n'));
        }
        catch (IOException)
        {
            // Nobody reads it any more.
        }
    }
}
