using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using LiveClin.Benchmarks.Pages;

namespace LiveClin.Benchmarks.Weaknesses;

/// <summary>
/// Examinees asked for real: the built-in server with the release's keys as a process, <c>evaluate</c> for each of them over HTTP into a
/// store, and
/// <c>controls</c> over that store. Every step is a command that anyone can type.
/// </summary>
internal sealed class Examination : IDisposable
{
    private readonly Process _server;
    private readonly Uri _address;
    private readonly string _jsonl;

    private Examination(Process server, Uri address, string jsonl, string folder) =>
        (_server, _address, _jsonl, Store) = (server, address, jsonl, Path.Combine(folder, "store.db"));

    /// <summary>The store that the examinees' answers are in.</summary>
    public string Store { get; }

    /// <summary>Serves the examinees of a release.</summary>
    /// <param name="jsonl">The release's file, with its images beside it.</param>
    /// <param name="folder">Where the store comes to lie.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Examination> StartAsync(string jsonl, string folder, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{RunningServices.FreePorts(1)[0]}");
        var server = Start("LiveClin.Evaluator", ["baseline", "--urls", address.OriginalString, .. Release(jsonl)]);
        _ = server.StandardOutput.ReadToEndAsync(cancellationToken);
        while (!await ListensAsync(address, cancellationToken))
        {
            if (server.HasExited)
                throw new InvalidOperationException(
                    $"The examinees' server ended: {await server.StandardError.ReadToEndAsync(cancellationToken)}");
            await Task.Delay(20, cancellationToken);
        }

        return new Examination(server, address, jsonl, folder);
    }

    /// <summary>Asks an examinee under conditions.</summary>
    /// <exception cref="InvalidOperationException">Not every question was answered.</exception>
    public Task AskAsync(string examinee, IEnumerable<string> conditions, int epochs, CancellationToken cancellationToken) => RunAsync(
        "LiveClin.Evaluator",
        [
            "evaluate", "--model", $"simulated/{examinee}", "--api-base", $"{_address}v1", "--image-mode", "local", .. Release(_jsonl),
            "--store", Store,
            "--controls", string.Join(',', conditions), "--epochs", $"{epochs}",
        ], cancellationToken);

    /// <summary>What the controls say of every examinee, by its name behind <c>simulated/</c>.</summary>
    public async Task<Dictionary<string, JsonElement>> ControlsAsync(CancellationToken cancellationToken)
    {
        var file = Store + ".json";
        await RunAsync("LiveClin.Stats", ["controls", "--store", Store, "--json", file], cancellationToken);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
        // Sample: simulated/knows-60 · T 0
        return document.RootElement.EnumerateArray().ToDictionary(
            model => model.GetProperty("model").GetString()!.Split(' ')[0].Split('/')[1], model => model.Clone(), StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
    }

    private static string[] Release(string jsonl) =>
        ["--jsonl-path", jsonl, "--image-root", Path.Combine(Path.GetDirectoryName(jsonl)!, "images")];

    private static async Task RunAsync(string project, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(project, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken),
            process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{project} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}{await output}");
    }

    // In the configuration that this program was built in: the last folders of its own output are bin/Release/net10.0.
    private static Process Start(string project, string[] arguments)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(BenchmarkPaths.RepositoryRoot, project, "bin", own.Parent!.Name, own.Name, project + ".dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is absent. Build it first: dotnet build -c {own.Parent.Name} {project}", program);
        return Process.Start(
            new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static async Task<bool> ListensAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false; // not yet
        }
    }
}
