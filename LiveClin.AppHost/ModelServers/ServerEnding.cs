using System.Globalization;
using LiveClin.Launcher;

namespace LiveClin.AppHost.ModelServers;

/// <summary>Ends model servers: it is over when no process of theirs is left, whatever the orchestrator says of them.</summary>
internal sealed class ServerEnding(ResourceCommandService commands, ResourceNotificationService notifications) : IDisposable
{
    private const string PidProperty = "executable.pid";

    // The orchestrator polls; its stop command takes up to 18 s and may fail.
    private static readonly TimeSpan NoticePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeeperPatience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _lost = new();

    /// <summary>
    /// From now on nothing is asked of the orchestrator, and nothing that it says is believed: its processes were killed.
    /// </summary>
    public void LoseOrchestrator() => _lost.Cancel();

    /// <summary>True when it has been started and, as far as is known, not ended.</summary>
    public bool IsUp(ManagedServerResource server) =>
        (!_lost.IsCancellationRequested && notifications.TryGetCurrentState(server.Name, out var current) && !HasEnded(current)
            && current.Snapshot.State?.Text != KnownResourceStates.NotStarted)
        || (OperatingSystem.IsLinux() && !ServerTree.IsGone(server.Mark));

    /// <summary>
    /// True when a resource's process has ended. <c>Unknown</c> stands where the orchestrator could not stop it, and does not know more.
    /// </summary>
    public static bool HasEnded(ResourceEvent update) =>
        update.Snapshot.State?.Text is { } state && (KnownResourceStates.TerminalStates.Contains(state) || state == "Unknown");

    /// <summary>Asks the server to end, and returns when nothing of it is left.</summary>
    public async Task EndAsync(ManagedServerResource server)
    {
        Ask(server);
        await GoneAsync(server);
        if (await HasNoticedAsync(server) || _lost.IsCancellationRequested) return;
        // Not started far enough to be asked, or no launcher between.
        await CommandAsync(server);
        await GoneAsync(server);
    }

    /// <inheritdoc/>
    public void Dispose() => _lost.Dispose();

    // Of the orchestrator's stop command the launcher would have to leave before a long drain is over; the end of the log and the exit
    // code would be lost.
    private void Ask(ManagedServerResource server)
    {
        if (!OperatingSystem.IsLinux() || !notifications.TryGetCurrentState(server.Name, out var current)) return;
        var value = current.Snapshot.Properties.FirstOrDefault(p => p.Name == PidProperty)?.Value;
        if (int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var pid)
            && ProcessTable.HasArguments(pid, LaunchOptions.MarkOption, server.Mark))
            Native.Signal(pid, Native.SigUsr1);
    }

    private static async Task GoneAsync(ManagedServerResource server)
    {
        if (!OperatingSystem.IsLinux()) return;
        if (!await ServerTree.WaitUntilGoneAsync(server.Mark, server.Model.StopTimeout + KeeperPatience, CancellationToken.None))
            await ServerTree.KillAsync(server.Mark, null, KeeperPatience);
    }

    private async Task<bool> HasNoticedAsync(ManagedServerResource server)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_lost.Token);
        patience.CancelAfter(NoticePatience);
        try
        {
            await notifications.WaitForResourceAsync(server.Name, HasEnded, patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task CommandAsync(ManagedServerResource server)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_lost.Token);
        patience.CancelAfter(CommandPatience);
        try
        {
            // Whether it succeeds says little; whether processes are left is looked at afterwards.
            await commands.ExecuteCommandAsync(server, KnownResourceCommands.StopCommand, patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The orchestrator does not answer, or is gone.
        }
    }
}
