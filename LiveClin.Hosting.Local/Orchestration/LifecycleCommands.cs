using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

/// <summary>The commands start, stop and restart of every process.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources.Where(LocalOrchestrator.IsSupervised))
        {
            Add(resource, KnownResourceCommands.StartCommand, "Start", "Starts the resource.", "Play",
                state => !IsAlive(state), (o, token) => o.StartResourceAsync(resource, token));
            Add(resource, KnownResourceCommands.StopCommand, "Stop", "Stops the resource.", "Stop",
                state => IsAlive(state) && state != KnownResourceStates.Stopping, (o, token) => o.StopResourceAsync(resource, token));
            Add(resource, KnownResourceCommands.RestartCommand, "Restart", "Stops the resource and starts it again.", "ArrowCounterclockwise",
                state => state == KnownResourceStates.Running, (o, token) => o.RestartResourceAsync(resource, token));
        }
    }

    private static bool IsAlive(string? state) => state is not null && state != KnownResourceStates.NotStarted && !KnownResourceStates.TerminalStates.Contains(state);

    private static void Add(IResource resource, string name, string displayName, string description, string icon, Func<string?, bool> isEnabled, Func<LocalOrchestrator, CancellationToken, Task> execute) =>
        resource.Annotations.Add(new CommandAnnotation(name, displayName,
            async context =>
            {
                await execute(context.Services.GetRequiredService<LocalOrchestrator>(), context.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success();
            },
            new CommandOptions
            {
                Description = description,
                IconName = icon,
                IsHighlighted = true,
                UpdateState = context => isEnabled(context.ResourceSnapshot.State?.Text) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
            }));
}
