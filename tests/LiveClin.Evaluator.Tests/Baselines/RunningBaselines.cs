using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Evaluator.Baselines;
using LiveClin.Testing;
using Microsoft.AspNetCore.Builder;

namespace LiveClin.Evaluator.Tests.Baselines;

/// <summary>The baseline server on a free loopback port.</summary>
public class RunningBaselines : IAsyncLifetime
{
    private WebApplication? _app;

    // a connection that a bad request made the server close is not reused
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });

    /// <summary>Base URL as a model client wants it, ending in <c>/v1</c>.</summary>
    public string ApiBase => Http.BaseAddress + "v1";

    public async ValueTask InitializeAsync()
    {
        _app = BaselineApplication.Build("http://127.0.0.1:0", await ReadReleaseAsync());
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual Task<Release?> ReadReleaseAsync() => Task.FromResult<Release?>(null);
}

/// <summary>The baseline server with the built-in demo.</summary>
public sealed class RunningExaminees : RunningBaselines
{
    /// <summary>The demo's file.</summary>
    public static string Jsonl { get; } = Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");

    /// <summary>The demo.</summary>
    public Release Demo { get; private set; } = null!;

    private protected override async Task<Release?> ReadReleaseAsync() =>
        Demo = await ReleaseReader.ReadAsync(ReleaseLocation.FromFile(Jsonl), new ReleaseOptions { CheckImages = false },
            CancellationToken.None);
}
