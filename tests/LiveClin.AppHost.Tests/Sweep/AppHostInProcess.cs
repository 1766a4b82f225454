using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Sweep;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The app host's own Main in this process, with its services at hand.</summary>
internal sealed class AppHostInProcess : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IAsyncDisposable
{
    private readonly TaskCompletionSource<IHost> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable _subscription;
    private Task<int> _main = Task.FromResult(0);

    private AppHostInProcess() => _subscription = DiagnosticListener.AllListeners.Subscribe(this);

    public IServiceProvider Services => _built.Task.Result.Services;

    public ResourceNotificationService States => Services.GetRequiredService<ResourceNotificationService>();

    public static async Task<AppHostInProcess> StartAsync(string[] args)
    {
        var host = new AppHostInProcess();
        host._main = Task.Run(() => (int)typeof(SweepRunner).Assembly.EntryPoint!.Invoke(null, [args])!);
        if (await Task.WhenAny(host._built.Task, host._main) == host._main) throw new InvalidOperationException($"The app host ended with {await host._main}.");
        return host;
    }

    /// <summary>Puts the stand-ins for SGLang and the GPUs into this process's environment, from which programs are started.</summary>
    public static void UseDoubles(FakeGpus gpus)
    {
        foreach (var (name, value) in LiveClin.Testing.Doubles.Environment(gpus)) Environment.SetEnvironmentVariable(name, value);
    }

    public async Task CommandAsync(string resource, string command)
    {
        var result = await Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Message);
    }

    public Task StateAsync(string resource, string state) =>
        States.WaitForResourceAsync(resource, e => e.Snapshot.State?.Text == state, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _main;
        _subscription.Dispose();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener listener)
    {
        if (listener.Name == "Microsoft.Extensions.Hosting") listener.Subscribe(this);
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> happened)
    {
        // Other hosts are built in this process too.
        if (happened is { Key: "HostBuilt", Value: IHost host } && host.Services.GetService<SweepRunner>() is not null) _built.TrySetResult(host);
    }

    void IObserver<DiagnosticListener>.OnCompleted() { }

    void IObserver<DiagnosticListener>.OnError(Exception error) { }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted() { }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error) { }
}
