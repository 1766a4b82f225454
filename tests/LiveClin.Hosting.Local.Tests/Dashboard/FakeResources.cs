using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LiveClin.Hosting.Local.Dashboard.Resources;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>A small stack whose resources start and stop at once when told to.</summary>
internal sealed class FakeResources : IDashboardResources
{
    private readonly Lock _gate = new();
    private readonly List<ResourceView> _resources;
    private readonly Dictionary<string, List<ConsoleLine>> _lines = [];
    private readonly List<(string Id, Channel<ConsoleLine> Channel)> _watchers = [];
    private long _version;

    public FakeResources()
    {
        var started = DateTime.UtcNow.AddMinutes(-3);
        _resources =
        [
            Running("gpus", "GPUs", "nvidia-smi", started) with
            {
                Health = "Healthy",
                HealthTone = Tone.Good,
                HealthReports = [new("gpu memory", "Healthy", Tone.Good, "2 of 2 devices have 78 GiB free", null, DateTime.UtcNow)],
                Properties = [new("GPU 0", "H200, 141 GiB, 3 % busy", false), new("GPU 1", "H200, 141 GiB, 0 % busy", false)],
                Commands = [],
            },
            Running("qwen-vl", "SGLang", "Qwen/Qwen2.5-VL-7B-Instruct", started) with
            {
                Urls = [new("http://localhost:30000/v1", "http://localhost:30000/v1", false)],
                Health = "Unhealthy",
                HealthTone = Tone.Bad,
                HealthReports = [new("model answers", "Unhealthy", Tone.Bad, "GET /health answered 503: the model is still being loaded", "System.Net.Http.HttpRequestException: 503", DateTime.UtcNow)],
                Relations = [new("gpus", "WaitFor")],
                Environment = [new("CUDA_VISIBLE_DEVICES", "0,1", false), new("HF_HOME", "/data/hf", false), new("HF_TOKEN", "", true), new("NO_PROXY", "localhost,127.0.0.1", false)],
            },
            Running("evaluator", "Project", "LiveClin.Evaluator.csproj", started) with
            {
                Urls = [new("http://localhost:41001", "http://localhost:41001", false), new("gRPC", "tcp://localhost:41002", false), new("javascript", "javascript:alert(1)", false)],
                Health = "Healthy",
                HealthTone = Tone.Good,
                HealthReports = [new("evaluator_http_200", "Healthy", Tone.Good, null, null, DateTime.UtcNow)],
                Environment = [new("ASPNETCORE_ENVIRONMENT", "Development", false), new("OTEL_EXPORTER_OTLP_HEADERS", "", true), new("OTEL_SERVICE_NAME", "evaluator", false)],
                Relations = [new("qwen-vl", "Reference")],
            },
            Running("stats", "Project", "LiveClin.Stats.csproj", started) with { Urls = [new("http://localhost:41003", "http://localhost:41003", false)], Relations = [new("evaluator", "Reference"), new("evaluator", "WaitFor")] },
            Running("sweep", "Sweep", "2 models", started) with
            {
                State = "evaluating 812/1407, 31.2 cases/min, ETA 19 min",
                Tone = Tone.Busy,
                Relations = [new("evaluator", "WaitFor"), new("qwen-vl", "Reference")],
                Commands = [new("pause", "Pause", "Starts no new case", null, "Pause", true, true), new("again", "Run a model again", null, "Run Qwen2.5-VL-7B again?", "ArrowSync", true, false)],
            },
            new ResourceView { Id = "internvl", Name = "internvl", Type = "SGLang", Source = "OpenGVLab/InternVL3-8B", State = "FailedToStart", Tone = Tone.Bad, ExitCode = 1, Relations = [new("gpus", "WaitFor")], Commands = Lifecycle(isRunning: false) },
            new ResourceView { Id = "openai-key", Name = "openai-key", Type = "Parameter", State = "Running", Tone = Tone.Good, Properties = [new("Value", "", true)] },
        ];
        foreach (var resource in _resources) Write(resource.Name, $"{resource.Name} is here");
    }

    public List<(string Resource, string Command)> Executed { get; } = [];

    public string ApplicationName => "LiveClin.AppHost";

    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyList<ResourceView> Resources
    {
        get
        {
            lock (_gate) return [.. _resources];
        }
    }

    public void Write(string id, string text, bool isError = false)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(id, out var lines)) _lines.Add(id, lines = []);
            var line = new ConsoleLine(lines.Count + 1, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffffZ} {text}", isError);
            lines.Add(line);
            foreach (var (watched, channel) in _watchers)
                if (watched == id) channel.Writer.TryWrite(line);
        }
    }

    public void Update(string id, Func<ResourceView, ResourceView> change)
    {
        lock (_gate)
        {
            var i = _resources.FindIndex(r => r.Id == id);
            _resources[i] = change(_resources[i]);
        }

        Interlocked.Increment(ref _version);
    }

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resourceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<ConsoleLine>();
        ConsoleLine[] kept;
        lock (_gate)
        {
            kept = _lines.TryGetValue(resourceId, out var lines) ? [.. lines] : [];
            _watchers.Add((resourceId, channel));
        }

        yield return kept;
        await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken)) yield return [line];
    }

    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resourceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return Kept(resourceId);
    }

    private ConsoleLine[] Kept(string resourceId)
    {
        lock (_gate) return _lines.TryGetValue(resourceId, out var lines) ? [.. lines] : [];
    }

    public Task<string?> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        lock (_gate) Executed.Add((resourceId, command));
        if (command == "stop") Update(resourceId, r => r with { State = "Exited", Tone = Tone.Neutral, Health = null, Stopped = DateTime.UtcNow, Commands = Lifecycle(isRunning: false) });
        else if (command == "start") Update(resourceId, r => r with { State = "Running", Tone = Tone.Good, Started = DateTime.UtcNow, ExitCode = null, Commands = Lifecycle(isRunning: true) });
        else if (command == "restart") return Task.FromResult<string?>("The port 41003 is in use.");
        return Task.FromResult<string?>(null);
    }

    private static ResourceView Running(string name, string type, string source, DateTime started) =>
        new() { Id = name, Name = name, Type = type, Source = source, State = "Running", Tone = Tone.Good, Created = started, Started = started, Commands = Lifecycle(isRunning: true) };

    private static CommandView[] Lifecycle(bool isRunning) => isRunning
        ? [new("stop", "Stop", "Stops the resource", null, "Stop", true, true), new("restart", "Restart", "Stops it and starts it again", null, "ArrowCounterclockwise", true, true)]
        : [new("start", "Start", "Starts the resource", null, "Play", true, true)];
}
