using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>The evaluator's parts as the command line puts them together, on a store of their own.</summary>
internal sealed class EvaluatorHarness : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ReleaseLibrary _releases = new(null);

    private readonly TestStore? _place;

    /// <param name="maxPages">Upper bound of the store's file.</param>
    public EvaluatorHarness(long? maxPages = null)
        : this(place: null, maxPages)
    {
    }

    private EvaluatorHarness(TestStore? place, long? maxPages)
        : this(null, place, maxPages)
    {
    }

    /// <param name="store">A store that is open already.</param>
    public EvaluatorHarness(ResultStore store)
        : this(store, place: null, maxPages: null)
    {
    }

    private EvaluatorHarness(ResultStore? store, TestStore? place, long? maxPages)
    {
        _place = place;
        Clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System);
        Store = store ?? ResultStore.Open(place?.Place ?? _folder["store.db"], maxPages);
        Runs = new RunManager(Store, _releases, new ImageLibrary(), Clients, TimeProvider.System, NullLogger<RunManager>.Instance);
    }

    /// <summary>The same on a kind of store.</summary>
    public static async Task<EvaluatorHarness> CreateAsync(StoreKind kind) => new(await TestStore.CreateAsync(kind), maxPages: null);

    public ModelClientFactory Clients { get; }

    public ResultStore Store { get; }

    public RunManager Runs { get; }

    /// <summary>Our own demo release.</summary>
    public static ReleaseRequest Demo { get; } = new(JsonlPath: Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl"));

    public static RunRequest Request(FakeModelServer server, ReleaseRequest? release = null) => new()
    {
        Model = "fake",
        Endpoint = new ModelEndpoint(server.BaseUrl, "fake"),
        Sampling = SamplingParameters.Plain,
        Release = new ReleaseSelection { Source = release ?? Demo },
        Concurrency = 8,
        // Real back-off would only make the tests wait.
        Retries = new RetryPolicy(5, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)),
        Timeout = TimeSpan.FromSeconds(30),
    };

    public async Task<(RunInfo Run, IReadOnlyList<Answer> Answers)> RunAsync(RunRequest request)
    {
        var session = await Runs.StartAsync(request, TestContext.Current.CancellationToken);
        var run = await session.Completion.WaitAsync(TestContext.Current.CancellationToken);
        return (run, Store.GetAnswers(run.Id));
    }

    public static async Task<Release> ReadDemoAsync() =>
        await ReleaseReader.ReadAsync(new ReleaseLocator().Locate(Demo), new ReleaseOptions(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Runs.DisposeAsync();
        await Store.DisposeAsync();
        Clients.Dispose();
        _releases.Dispose();
        _folder.Dispose();
        if (_place is not null) await _place.DisposeAsync();
    }
}
