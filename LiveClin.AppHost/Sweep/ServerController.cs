using System.Net;
using System.Net.Sockets;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Telemetry;
using LiveClin.Launcher;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Sweep;

/// <summary>Starts model servers when their devices are free, says when they are ready or why not, and stops them.</summary>
internal sealed class ServerController(
    ResourceCommandService commands,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    GpuGate gpus,
    PythonCheck python,
    ServerLogs logs,
    ServerEnding ending,
    ServerMetrics metrics,
    ModelRunPublisher publisher,
    IHostApplicationLifetime lifetime,
    SweepNews news)
{
    private const string ReasonProperty = "Failure";

    /// <summary>Starts a managed server and waits until it is ready and lists its model.</summary>
    /// <returns>Null, or why it is not ready.</returns>
    public async Task<Failure?> StartAsync(ModelRun run, ManagedServerResource server, CancellationToken cancellationToken)
    {
        await publisher.StateAsync(run, "waiting for GPUs");
        if (await StepAsync("wait for GPUs", async () => await gpus.WaitAsync(server, news.Of(run), cancellationToken)) is { } missing)
            return await NotStartedAsync(server, missing);
        await publisher.StateAsync(run, "checking the environment");
        if (await StepAsync("check the environment", async () => await python.FindProblemAsync(server, cancellationToken)) is { } broken)
            return await NotStartedAsync(server, broken);
        if (TakenPort(server) is { } port)
            return await NotStartedAsync(server,
                new Failure($"port {port} is in use by another process: end it, or leave out Port to have a free one chosen."));
        await publisher.StateAsync(run, $"starting {server.Template.Title}");
        return await StepAsync($"start {server.Template.Title}", () => LaunchAsync(run, server, cancellationToken)) is { } failure
            ? await ExplainAsync(server, failure) : null;
    }

    /// <summary>True while the server's process runs.</summary>
    public bool IsUp(ManagedServerResource server) => ending.IsUp(server);

    /// <summary>Completes when the server's process has ended, with the reason.</summary>
    public async Task<Failure> WaitForEndAsync(ManagedServerResource server, CancellationToken cancellationToken)
    {
        var ended = await notifications.WaitForResourceAsync(server.Name, ServerEnding.HasEnded, cancellationToken);
        return await EndAsync(server, ended.Snapshot);
    }

    /// <summary>Stops the server, if it was started. It is over when its processes are gone and its GPU memory is back.</summary>
    public async Task StopAsync(ManagedServerResource server)
    {
        if (!ending.IsUp(server)) return;
        using var activity = SweepTelemetry.Start($"stop {server.Template.Title}");
        // Its totals at the end.
        await metrics.ReadAsync(server, lifetime.ApplicationStopping);
        await ending.EndAsync(server);
        try
        {
            await gpus.WaitForReturnAsync(server, news.Sweep, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            // The application stops, and nothing wants the memory any more.
        }
    }

    /// <summary>Gives back the devices of a server that is not started again for now.</summary>
    public void Leave(ManagedServerResource server) => gpus.Leave(server);

    private async Task<Failure?> LaunchAsync(ModelRun run, ManagedServerResource server, CancellationToken cancellationToken)
    {
        notifications.TryGetCurrentState(server.Name, out var before);
        var started = await commands.ExecuteCommandAsync(server, KnownResourceCommands.StartCommand, cancellationToken);
        if (!started.Success) return started.Message ?? "the start command failed.";
        await publisher.StateAsync(run, $"loading in {server.Template.Title}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(server.Model.StartTimeout);
        try
        {
            var reached = await notifications.WaitForResourceAsync(server.Name,
                e => e.Snapshot.HealthStatus == HealthStatus.Healthy || (ServerEnding.HasEnded(e) && !IsSameStart(e, before)),
                patience.Token);
            if (ServerEnding.HasEnded(reached)) return await EndAsync(server, reached.Snapshot);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var log = await logs.ReadAsync(server);
            await StopAsync(server);
            return Failure.WithLog(
                $"it was not ready within {server.Model.StartTimeout}: {server.Http.Url}{server.Template.ReadinessPath} never answered 200 (StartTimeout sets how long slow models may take)", log, logs.FileOf(server));
        }

        if (await ModelList.FindAsync(server, cancellationToken) is { } otherModel) return otherModel;
        await publisher.StateAsync(run, $"{server.Template.Title} is ready");
        return null;
    }

    // The orchestrator may tell once more, after the next start was asked for, how the one before has ended.
    private static bool IsSameStart(ResourceEvent now, ResourceEvent? before) =>
        ReferenceEquals(now.Snapshot, before?.Snapshot)
            || (before?.Snapshot.StartTimeStamp is { } start && now.Snapshot.StartTimeStamp == start);

    // The server itself would tell after it has loaded its weights.
    private static int? TakenPort(ManagedServerResource server)
    {
        if (server.Model.Port is not { } port) return null;
        try
        {
            using var listener = new TcpListener(IPAddress.TryParse(server.Model.Host, out var address) ? address : IPAddress.Loopback,
                port);
            listener.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return port;
        }
        catch (SocketException)
        {
            return null; // What else is wrong with it, the server says.
        }
    }

    private static async Task<Failure?> StepAsync(string name, Func<Task<Failure?>> doing)
    {
        using var activity = SweepTelemetry.Start(name);
        var failure = await doing();
        activity.End(failure?.Reason);
        return failure;
    }

    // The server stays unstarted, and shows why.
    private Task<Failure> NotStartedAsync(ManagedServerResource server, Failure problem)
    {
        SweepLog.ServerProblem(loggers.GetLogger(server), problem.Reason);
        return ExplainAsync(server, problem);
    }

    private async Task<Failure> ExplainAsync(ManagedServerResource server, Failure failure)
    {
        await notifications.PublishUpdateAsync(server, s => s with
        {
            Properties = [.. s.Properties.Where(p => p.Name != ReasonProperty), new(ReasonProperty, failure.Reason)],
        });
        return failure;
    }

    private async Task<Failure> EndAsync(ManagedServerResource server, CustomResourceSnapshot snapshot)
    {
        var log = await logs.ReadAsync(server);
        // The launcher's exit code is the server's; one that was killed itself has none.
        var ending = snapshot.ExitCode switch
        {
            { } code and >= 0 => $"its process ended with {LauncherExitCodes.Describe(code)}",
            null => $"it was not started: the orchestrator says {snapshot.State?.Text}, and its log in the dashboard may say why",
            _ => "its launcher was killed",
        };
        return Failure.WithLog(ending, log, logs.FileOf(server));
    }
}
