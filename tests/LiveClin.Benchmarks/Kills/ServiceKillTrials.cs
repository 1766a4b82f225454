using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LiveClin.Benchmarks.Evaluate;
using LiveClin.Benchmarks.Pages;
using LiveClin.Core.Results;

namespace LiveClin.Benchmarks.Kills;

/// <summary>
/// Ends the service by SIGKILL at random moments while clients start runs and follow their answers: what a client saw is stored, nothing
/// stored is lost or replaced, and nothing is asked for a second time but what was under way.
/// </summary>
internal sealed class ServiceKillTrials(string folder) : IDisposable
{
    private const int Cases = 60, Concurrency = 8, Clients = 3;
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);
    private readonly Random _random = new(25);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ConcurrentDictionary<(string Run, int Case, int Question), bool> _seen = new();
    private readonly Dictionary<(string Run, int Case, int Question), Answer> _known = [];
    private readonly string _store = Path.Combine(folder, "service.db");
    private int _keys;

    public async Task<int> RunAsync(int kills)
    {
        await using var server = await CountingServer.StartAsync();
        var jsonl = GeneratedRelease.Write(Path.Combine(BenchmarkPaths.RepositoryRoot, "data", "demo"), folder, Cases);
        var (faults, killed) = (0, 0);
        for (; killed < kills; killed++)
        {
            var before = server.Requests;
            using var service = Serve(out var address);
            using var gone = new CancellationTokenSource();
            var clients = Enumerable.Range(0, Clients).Select(i => FollowAsync(address, jsonl, server.Url, $"m{i}", gone.Token)).ToList();
            // Killed some requests after it has begun to ask, or during its start.
            var wanted = _random.Next(5) == 0 ? 0 : 1 + _random.Next(30);
            while (!service.HasExited && server.Requests < before + wanted && !clients.All(client => client.IsCompleted))
                await Task.Delay(5);
            if (wanted == 0) await Task.Delay(_random.Next(1500));
            service.Kill();
            await service.WaitForExitAsync();
            await gone.CancelAsync();
            await Task.WhenAll(clients);
            faults += await CompareAsync();
        }

        faults += await FinishAsync(jsonl, server.Url);
        var again = server.Requests - _known.Count;
        var most = killed * Clients * Concurrency;
        Console.WriteLine($"service: {killed} kills; {Clients} runs, {_known.Count} answers stored, {_seen.Count} seen by clients, {server.Requests} requests: {again} of the {most} that could be under way were asked again");
        return again < 0 || again > most ? faults + 1 : faults;
    }

    public void Dispose() => _http.Dispose();

    // The last service is left alone until every run has come to its end.
    private async Task<int> FinishAsync(string jsonl, string endpoint)
    {
        using var service = Serve(out var address);
        await Task.WhenAll(Enumerable.Range(0, Clients)
            .Select(i => FollowAsync(address, jsonl, endpoint, $"m{i}", CancellationToken.None)));
        service.Kill();
        await service.WaitForExitAsync();
        var faults = await CompareAsync();
        await using var store = ResultStore.OpenReadOnly(_store);
        return faults + store.ListRuns().Count(run => !store.Tally(run).IsComplete);
    }

    // Starts a model's run, or goes on with it, and reads its answers until the stream ends with the run or with the service.
    private async Task FollowAsync(Uri address, string jsonl, string endpoint, string model, CancellationToken gone)
    {
        try
        {
            if (await StartAsync(address, jsonl, endpoint, model, gone) is not { } run) return;
            var path = $"v1/answers?run_ids={run}&follow=true&omit_texts=true";
            await using var stream = await _http.GetStreamAsync(new Uri(address, path), gone);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(gone) is { } line)
                if (line.Length > 0) See(run, line);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            // Killed; a line may end in its middle.
        }
    }

    private void See(string run, string line)
    {
        using var batch = JsonDocument.Parse(line);
        if (!batch.RootElement.TryGetProperty("answers", out var answers)) return;
        foreach (var answer in answers.EnumerateArray())
            _seen[(run, Number(answer, "caseOrdinal"), Number(answer, "questionIndex"))] = true;
    }

    private static int Number(JsonElement answer, string name) => answer.TryGetProperty(name, out var number) ? number.GetInt32() : 0;

    private async Task<string?> StartAsync(Uri address, string jsonl, string endpoint, string model, CancellationToken gone)
    {
        var request = new
        {
            idempotencyKey = $"trial-{Interlocked.Increment(ref _keys)}",
            model = new { name = model, apiId = "m", endpoint, sampling = new { preset = "PARAMETER_PRESET_PLAIN" } },
            release = new { jsonlPath = jsonl, imageRoot = Path.Combine(folder, "images") },
            concurrency = Concurrency,
        };
        for (var clock = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(clock) < Start; await Task.Delay(20, gone))
        {
            try
            {
                using var response = await _http.PostAsJsonAsync(new Uri(address, "v1/runs"), request, gone);
                var body = await response.Content.ReadAsStringAsync(gone);
                if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"A run could not be started: {body}");
                using var json = JsonDocument.Parse(body);
                return json.RootElement.GetProperty("run").GetProperty("id").GetString();
            }
            catch (HttpRequestException)
            {
                // Not there yet, or no more.
            }
        }

        return null;
    }

    private Process Serve(out Uri address)
    {
        var ports = RunningServices.FreePorts(2);
        address = new Uri($"http://127.0.0.1:{ports[0]}/");
        var start = new ProcessStartInfo("dotnet", [BenchmarkPaths.Program("LiveClin.Evaluator")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LiveClin__Store"] = _store;
        start.Environment["LiveClin__DataFolders__0"] = folder;
        start.Environment["LiveClin__Access__Anonymous"] = "true";
        start.Environment["Logging__LogLevel__Default"] = "Error";
        start.Environment["Kestrel__Endpoints__http__Url"] = address.ToString();
        start.Environment["Kestrel__Endpoints__grpc__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[1]}");
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // What was stored once, or seen by a client, is there, and stays as it was.
    private async Task<int> CompareAsync()
    {
        if (!File.Exists(_store)) return _known.Count + _seen.Count;
        await using var store = ResultStore.OpenReadOnly(_store);
        var runs = store.ListRuns();
        var stored = runs.SelectMany(run => store.GetAnswers(run.Id).Where(answer => answer.Reply is not null)
            .Select(answer => ((run.Id, answer.CaseOrdinal, answer.QuestionIndex), answer))).ToDictionary(each => each.Item1, each =>
                each.answer);
        var faults = _known.Count(each => !stored.TryGetValue(each.Key, out var now) || now != each.Value || now.IsDamaged)
            + _seen.Keys.Count(seen => !stored.ContainsKey(seen)) + Math.Max(0, runs.Count - Clients);
        foreach (var (place, answer) in stored) _known[place] = answer;
        return faults;
    }
}
