using System.Globalization;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using LiveClin.AppHost.Settings;
using LiveClin.Launcher;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>
/// The app host on Aspire's own orchestrator, started by Aspire's testing host in this process, with its services at hand.
/// </summary>
internal sealed class AppHostInProcess : IAsyncDisposable
{
    private readonly DistributedApplication _application;

    private AppHostInProcess(DistributedApplication application) => _application = application;

    public IServiceProvider Services => _application.Services;

    public ResourceNotificationService States => _application.ResourceNotifications;

    public static async Task<AppHostInProcess> StartAsync(string[] args)
    {
        var stop = TestContext.Current.CancellationToken;
        await WaitForEarlierAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.LiveClin_AppHost>(args, stop);
        var application = await builder.BuildAsync(stop);
        await application.StartAsync(stop);
        return new AppHostInProcess(application);
    }

    // The app host looks for the orchestrator that watches this process, and ends the process when that one is gone: it must not find the
    // one of the test before, which is just ending.
    private static async Task WaitForEarlierAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(HangGuard.Longest);
        string[] watching = ["--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];
        while (ProcessTable.Read().Any(process => !process.IsDead && ProcessTable.HasArguments(process.Pid, watching)))
            await Task.Delay(50, patience.Token);
    }

    /// <summary>Puts the stand-ins for SGLang and the GPUs into this process's environment, from which programs are started.</summary>
    public static void UseDoubles(FakeGpus gpus)
    {
        foreach (var (name, value) in LiveClin.Testing.Doubles.Environment(gpus)) Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>A client of a resource's HTTP endpoint.</summary>
    public HttpClient Client(string resource)
    {
        var client = _application.CreateHttpClient(resource, "http");
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", Services.GetRequiredService<SweepSettings>().AccessToken);
        return client;
    }

    public async Task CommandAsync(string resource, string command)
    {
        var result = await _application.ResourceCommands.ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Message);
    }

    public Task StateAsync(string resource, string state) =>
        States.WaitForResourceAsync(resource, e => e.Snapshot.State?.Text == state, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
