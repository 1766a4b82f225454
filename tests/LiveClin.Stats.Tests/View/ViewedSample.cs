using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Stats.Service;
using LiveClin.Stats.View;
using LiveClin.Testing;
using Microsoft.AspNetCore.Builder;

namespace LiveClin.Stats.Tests.View;

/// <summary>The pages over a store on a free loopback port.</summary>
internal sealed class ViewedSample : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ResultStore _store;

    private ViewedSample(WebApplication app, ResultStore store)
    {
        (_app, _store) = (app, store);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ViewedSample> StartAsync(string path)
    {
        var store = ResultStore.OpenReadOnly(path);
        var app = StatsApplication.BuildView(new ViewedStore(store, path), "http://127.0.0.1:0",
            [new("Logging:LogLevel:Default", "None"), new("LiveClin:Access:Anonymous", "true")]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ViewedSample(app, store);
    }

    /// <summary>A store with a complete run and a poorer one.</summary>
    public static Task CreateStoreAsync(string path) => SampleRuns.CreateStoreAsync(
        path,
        (SampleRuns.Run("run-good", "good"), Answers(Outcome.Correct)),
        (SampleRuns.Run("run-poor", "poor"), Answers(Outcome.Wrong)));

    /// <summary>An answer to every question of the sample.</summary>
    public static Answer[] Answers(Outcome outcome) =>
        [.. SampleRuns.Release.Cases.SelectMany(@case => @case.Questions.Select(question =>
            SampleRuns.Answer(@case.Ordinal, question.Index, outcome)))];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var cancelled = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(cancelled.Token);
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }
}
