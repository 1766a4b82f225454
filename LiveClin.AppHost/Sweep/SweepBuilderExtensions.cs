using LiveClin.AppHost.Dashboard;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Sweep;

/// <summary>Adds the sweep.</summary>
internal static class SweepBuilderExtensions
{
    /// <summary>
    /// Adds the sweep over the models, with a resource per model below it and the commands pause, resume, stop and run again.
    /// </summary>
    public static IResourceBuilder<SweepResource> AddSweep(this IDistributedApplicationBuilder builder, string name, SweepSettings settings,
        IReadOnlyList<IModelServer> servers, EndpointReference evaluator, IResourceBuilder<ServiceResource> stats,
        IResourceBuilder<GpuResource> gpus)
    {
        var sweep = new SweepResource(name);
        var names = new ResourceNames();
        var runs = servers.Select(server => new ModelRun(server, new ModelRunResource(names.Next("run", server.Model.Name), sweep)))
            .ToList();
        builder.Services.AddSingleton(settings).AddSingleton(sweep).AddSingleton(gpus.Resource).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IReadOnlyList<ModelRun>>(runs);
        builder.Services.AddSingleton(s => ActivatorUtilities.CreateInstance<EvaluatorKeeper>(s, evaluator.Resource));
        builder.Services.AddSingleton(s => new EvaluatorClient(evaluator, s.GetRequiredService<EvaluatorKeeper>(), settings));
        builder.Services.AddSingleton<DashboardOtlp>().AddSingleton<MetricsExporter>().AddSingleton<SweepTelemetry>()
            .AddSingleton<ServerMetrics>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SweepTelemetry>())
            .AddHostedService(s => s.GetRequiredService<ServerMetrics>());
        builder.Services.AddSingleton<PauseGate>().AddSingleton<Seats>().AddSingleton<GpuGate>().AddSingleton<PythonCheck>()
            .AddSingleton<ServerEnding>().AddSingleton<ServerController>();
        builder.Services.AddSingleton<ServerShutdown>().AddHostedService(s => s.GetRequiredService<ServerShutdown>());
        // Before all others: Aspire's own start would wait for minutes for an orchestrator that was killed meanwhile.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, OrchestratorWatch>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ServerShutdown.Longest(settings));
        builder.Services.AddSingleton(new StatsPages(stats.Resource, settings))
            .AddSingleton(s => ActivatorUtilities.CreateInstance<StatsClient>(s, stats.Resource));
        builder.Services.AddSingleton<SweepNews>().AddSingleton<ModelRunPublisher>().AddSingleton<RunWatcher>()
            .AddSingleton<BuiltInCheck>();
        builder.Services.AddSingleton<ModelEvaluation>().AddSingleton<ServiceReadiness>()
            .AddSingleton(s => ActivatorUtilities.CreateInstance<SweepRunner>(s, evaluator.Resource));

        var resource = builder.AddResource(sweep)
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Sweep",
                Properties = [new(CustomResourceKnownProperties.Source, SweepText.Models(runs.Count))],
            })
            .WithIconName("ArrowSyncCircle")
            .WithReferenceRelationship(stats)
            .WithCommands()
            .ExcludeFromManifest()
            .OnInitializeResource((_, started, _) => Begin(started));
        foreach (var run in runs) builder.AddModelRun(run, resource);
        return resource;
    }

    // The sweep goes on for long; the event's listeners must not wait for it.
    private static Task Begin(InitializeResourceEvent started)
    {
        var stopping = started.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _ = RunAsync(started.Services.GetRequiredService<SweepRunner>(), started, stopping);
        return Task.CompletedTask;
    }

    private static async Task RunAsync(SweepRunner runner, InitializeResourceEvent started, CancellationToken stopping)
    {
        try
        {
            await runner.RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception e)
        {
            SweepLog.SweepFailed(started.Services.GetRequiredService<SweepNews>().Sweep, e.ToString());
            await started.Notifications.PublishUpdateAsync(started.Resource, s => s with
            {
                State = new ResourceStateSnapshot("Failed", KnownResourceStateStyles.Error),
            });
            started.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    }

    private static IResourceBuilder<SweepResource> WithCommands(this IResourceBuilder<SweepResource> sweep) => sweep
        .WithCommand("pause", "Pause", Do(r => r.PauseAsync(), "Paused. Model servers stay up; Resume goes on."),
            Options("Stops asking; model servers stay up.", "Pause", r => r is { IsActive: true, IsPaused: false }))
        .WithCommand("resume", "Resume", Do(r => r.ResumeAsync(), "The sweep goes on."),
            Options("Goes on where it was paused.", "Play", r => r.IsPaused))
        .WithCommand("stop", "Stop", Do(r =>
        {
            r.Stop();
            return Task.CompletedTask;
        }, "Stopped. What was answered is kept; the next sweep goes on from there."),
        Options("Stops all runs; what was answered is kept.", "Stop", r => r.IsActive, "Stop the sweep? What was answered is kept."));

    private static void AddModelRun(this IDistributedApplicationBuilder builder, ModelRun run, IResourceBuilder<SweepResource> sweep)
    {
        var resource = builder.AddResource(run.Resource)
            .WithParentRelationship(sweep)
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Run",
                State = new ResourceStateSnapshot(KnownResourceStates.NotStarted, null),
                Properties = [new(CustomResourceKnownProperties.Source, run.Model.ApiId)],
            })
            .WithIconName("ClipboardTaskList")
            .ExcludeFromManifest();
        if (run.Server is IResource server) resource.WithReferenceRelationship(server);
        resource.WithCommand("again", "Run again", context =>
        {
            // The command is done when the run has begun.
            _ = context.Services.GetRequiredService<SweepRunner>().RunAgainAsync(run.Resource);
            return Task.FromResult(CommandResults.Success($"{run.Model.Name} is asked again."));
        }, Options($"Asks {run.Model.Name} every question again, in a new run.", "ArrowRepeatAll", runner =>
            runner.RunsOf(run.Resource).All(each => each.State is not (ModelRunState.Pending or ModelRunState.Active)),
            $"Ask {run.Model.Name} every question again? The earlier run stays in the store.", highlighted: false));
    }

    private static Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Do(Func<SweepRunner, Task> action, string result) =>
        async context =>
    {
        await action(context.Services.GetRequiredService<SweepRunner>());
        return CommandResults.Success(result);
    };

    private static CommandOptions Options(string description, string icon, Func<SweepRunner, bool> isEnabled, string? confirmation = null,
        bool highlighted = true) => new()
    {
        Description = description,
        IconName = icon,
        IsHighlighted = highlighted,
        ConfirmationMessage = confirmation,
        UpdateState = context =>
            isEnabled(context.Services.GetRequiredService<SweepRunner>()) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
    };
}
