using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LiveClin.Benchmarks.Pages;

namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>The evaluator as a process with a store of its own, asked in JSON and in protobuf.</summary>
internal sealed class FuzzedService : IAsyncDisposable
{
    private const string Calls = "/liveclin.evaluator.v1.EvaluatorService/";
    private readonly string _folder;
    private readonly Process _process;
    private readonly HttpClient _json, _grpc;

    private static readonly string[] JsonPaths = ["v1/runs:plan", "v1/releases:validate", "v1/runs/none:cancel", "v1/runs/none:resume",
        "v1/releases/none/verdicts"];
    private static readonly string[] Methods = ["PlanRun", "ValidateRelease", "GetRun", "ListRuns", "StreamAnswers", "GetOutcomes",
        "PutVerdicts", "UpdateRun", "ExportRun", "GetCase"];

    private static readonly byte[][] JsonBodies =
    [
        .. new[]
        {
            """{"model":{"name":"m","api_id":"m","endpoint":"http://127.0.0.1:1/v1"},"release":{"name":"demo"},"limit":1}""",
            """{"release":{"jsonl_path":"/nowhere/x.jsonl","image_root":"/nowhere"},"condition":"shuffled:1","epochs":2}""",
            """{"run_id":"none","model":{"endpoint":"http://127.0.0.1:1/v1"}}""",
            """{"verdicts":[{"case_ordinal":0,"question_index":0,"holds":true,"by":"me"}]}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Messages =
        [[0x0a, 4, .. "none"u8], [0x0a, 6, 0x0a, 4, .. "demo"u8, 0x10, 1],
            [0x0a, 8, 0x0a, 1, (byte)'m', 0x12, 1, (byte)'m', 0x18, 1, 0x12, 4, .. "demo"u8], [0x08, 0x96, 0x01]];

    private FuzzedService(string folder, Process process, int http, int grpc)
    {
        (_folder, _process) = (folder, process);
        _json = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        _grpc = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{grpc}"), DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>Starts the service's build beside this one.</summary>
    public static async Task<FuzzedService> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("liveclin-fuzzed-").FullName;
        var ports = RunningServices.FreePorts(2);
        var start = new ProcessStartInfo("dotnet", [BenchmarkPaths.Program("LiveClin.Evaluator")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LiveClin__Store"] = Path.Combine(folder, "store.db");
        start.Environment["LiveClin__Access__Anonymous"] = "true";
        start.Environment["Logging__LogLevel__Default"] = "Error";
        start.Environment["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{ports[0]}";
        start.Environment["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{ports[1]}";
        var service = new FuzzedService(folder, Process.Start(start)!, ports[0], ports[1]);
        service._process.OutputDataReceived += (_, line) => service.Note(line.Data);
        service._process.ErrorDataReceived += (_, line) => service.Note(line.Data);
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        while (!await service.IsAliveAsync()) await Task.Delay(50);
        service._memoryBefore = service.Memory();
        return service;
    }

    private readonly List<string> _said = [];
    private double _memoryBefore;

    /// <summary>What it is asked.</summary>
    public IReadOnlyList<FuzzTarget> Targets() =>
        [new("JSON requests", JsonBodies, PostJsonAsync), new("gRPC requests", Messages, PostGrpcAsync)];

    /// <summary>What became of the service.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"the service {(_process.HasExited ? "HAS ENDED" : "is alive")}, {_memoryBefore:0} MiB before, {Memory():0} MiB after; errors in its log: {_said.Count}")
        + string.Concat(_said.Take(5).Select(line => "\n    " + line));

    public async ValueTask DisposeAsync()
    {
        _json.Dispose();
        _grpc.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Note(string? line)
    {
        if (line is null || !((string[])["fail:", "crit:", "Unhandled", "   at "])
            .Any(mark => line.Contains(mark, StringComparison.Ordinal))) return;
        lock (_said) _said.Add(line);
    }

    private double Memory() => _process.HasExited
        ? 0 : File.ReadLines($"/proc/{_process.Id}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
            .First();

    private async Task<bool> IsAliveAsync()
    {
        try
        {
            return (await _json.GetAsync("alive")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task PostJsonAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _json.PostAsync(JsonPaths[body.Length % JsonPaths.Length], content);
        if ((int)response.StatusCode >= 500)
            throw new InvalidOperationException($"HTTP {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private async Task PostGrpcAsync(byte[] message)
    {
        byte[] framed = [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length,
            .. message];
        using var content = new ByteArrayContent(framed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var response = await _grpc.PostAsync(Calls + Methods[message.Length % Methods.Length], content);
        await response.Content.ReadAsByteArrayAsync();
        var status = response.Headers.Concat(response.TrailingHeaders).FirstOrDefault(header => header.Key == "grpc-status").Value?.First();
        if (status is null or "2" or "13") throw new InvalidOperationException($"grpc-status {status ?? "absent"}");
    }
}
