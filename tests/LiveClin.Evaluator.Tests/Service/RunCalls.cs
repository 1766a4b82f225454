using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>A running evaluator for each test, and the requests that most of them send.</summary>
/// <param name="kind">The kind of store that it has.</param>
public abstract class RunCalls(StoreKind kind = StoreKind.Sqlite) : IAsyncLifetime
{
    private TestStore? _place;

    private protected const string Key = "sk-very-secret-0123456789";

    private protected TemporaryFolder Folder { get; } = new();

    private protected RunningEvaluator Evaluator { get; set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected static string Demo => Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");

    private protected TestStore Place => _place!;

    public async ValueTask InitializeAsync()
    {
        _place = await TestStore.CreateAsync(kind);
        Evaluator = await RunningEvaluator.StartAsync(Place.Place, settings => settings["LiveClin:Results"] = Folder.FullName);
    }

    public async ValueTask DisposeAsync()
    {
        if (Evaluator is not null) await Evaluator.DisposeAsync();
        if (_place is not null) await _place.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static ModelSpec Model(FakeModelServer server) => new()
    {
        Name = "fake",
        ApiId = "fake",
        Endpoint = server.BaseUrl.ToString(),
        ApiKey = Key,
    };

    private protected static StartRunRequest Request(FakeModelServer server) => new()
    {
        IdempotencyKey = "key-1",
        Model = Model(server),
        Release = new ReleaseSource { JsonlPath = Demo },
        Concurrency = 8,
        MaxRetries = 0,
    };

    private protected async Task<Run> RunToEndAsync()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        return await WaitForEndAsync((await Evaluator.Client.StartRunAsync(Request(server), cancellationToken: Cancellation)).Run.Id);
    }

    private protected async Task<Run> WaitForEndAsync(string id)
    {
        using var watch = Evaluator.Client.WatchRun(new WatchRunRequest { RunId = id }, cancellationToken: Cancellation);
        var last = await watch.ResponseStream.ReadAllAsync(Cancellation).LastAsync(Cancellation);
        return last.Ended ?? last.Snapshot;
    }
}
