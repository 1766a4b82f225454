using System.Diagnostics;
using LiveClin.Testing.Networks;
using LiveClin.Testing.Postgres;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// What happens to evaluators that share a run: every few seconds one is killed and started again, the database restarts twice (once in
/// order, once by a crash), and the first evaluator's line to the database is cut for a while.
/// </summary>
internal sealed class Disturbances(PostgresServer server, AskedQuestions asked, Process[] running, Func<int, Process> start,
    SeparateNetwork? network)
{
    // Until an evaluator has noticed that the database is back: its pauses grow up to five seconds, and an attempt takes as long again.
    private static readonly TimeSpan AfterRestart = TimeSpan.FromSeconds(5), AfterCut = TimeSpan.FromSeconds(10);

    private bool _isCut;

    public int Kills { get; private set; }

    public int Restarts { get; private set; }

    public int Cuts { get; private set; }

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(TimeSpan every, CancellationToken stop)
    {
        var cutting = Task.CompletedTask;
        try
        {
            for (var round = 0; ; round++)
            {
                await Task.Delay(every, stop);
                Kill(round % running.Length);
                if (round is 1 or 3) await RestartAsync(isCrash: round == 3);
                if (round == 4 && network is not null) cutting = CutAsync(network, stop);
            }
        }
        catch (OperationCanceledException)
        {
            await cutting;
        }
    }

    private void Kill(int which)
    {
        // One that is cut off could not begin again.
        if (which == 0 && _isCut) return;
        lock (running)
        {
            if (running[which].HasExited) return;
            running[which].Kill();
            asked.Disturb(which, DateTime.UtcNow, DateTime.UtcNow);
            running[which] = start(which);
        }

        Kills++;
    }

    private async Task RestartAsync(bool isCrash)
    {
        var from = DateTime.UtcNow;
        await (isCrash ? server.CrashAsync() : server.StopAsync());
        await server.StartAgainAsync();
        asked.Disturb(null, from, DateTime.UtcNow + AfterRestart);
        Restarts++;
    }

    private async Task CutAsync(SeparateNetwork line, CancellationToken stop)
    {
        var from = DateTime.UtcNow;
        (_isCut, Cuts) = (true, Cuts + 1);
        await line.CutAsync();
        try
        {
            await Task.Delay(SharedRunBenchmark.CutFor, stop);
        }
        catch (OperationCanceledException)
        {
            // Mended all the same.
        }

        await line.MendAsync();
        asked.Disturb(0, from, DateTime.UtcNow + AfterCut);
        _isCut = false;
    }
}
