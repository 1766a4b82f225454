using LiveClin.Stats.Service;
using LiveClin.Stats.Tests.Service;
using Microsoft.AspNetCore.Builder;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>The service with its pages on a loopback port, over an evaluator that a test fills.</summary>
internal sealed class RunningPages : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningPages(WebApplication app, EvaluatorDouble evaluator)
    {
        (_app, Evaluator) = (app, evaluator);
        // Kestrel lists its endpoints in the order of their names: grpc, http.
        (Grpc, Url) = (new Uri(app.Urls.First()), new Uri(app.Urls.Last()));
    }

    public EvaluatorDouble Evaluator { get; }

    public Uri Url { get; }

    public Uri Grpc { get; }

    public static async Task<RunningPages> StartAsync(EvaluatorDouble evaluator, bool withEvaluator = true)
    {
        await evaluator.StartAsync();
        var address = evaluator.Address;
        if (!withEvaluator) await evaluator.StopAsync();
        var app = StatsApplication.Build(
        [
            new("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"), new("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"),
            new("Services:evaluator:grpc:0", address), new("Logging:LogLevel:Default", "None"), new("LiveClin:Access:Anonymous", "true"),
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningPages(app, evaluator);
    }

    public string At(string path) => new Uri(Url, path).ToString();

    public async ValueTask DisposeAsync()
    {
        // Open pages hold their connection for good; they are cut off instead of being waited for.
        using var cancelled = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(cancelled.Token);
        await _app.DisposeAsync();
        await Evaluator.DisposeAsync();
    }
}
