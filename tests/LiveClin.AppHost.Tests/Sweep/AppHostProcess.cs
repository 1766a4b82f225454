using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.AppHost.Services;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The app host as a process of its own, with the stand-ins for SGLang and the GPUs.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private AppHostProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, e) => Said(e.Data);
        _process.ErrorDataReceived += (_, e) => Said(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Marks this process's children in their environments.</summary>
    public required string Mark { get; init; }

    /// <summary>Starts an app host that ends with its sweep.</summary>
    public static AppHostProcess Start(TemporaryFolder folder, JsonArray models, FakeGpus? gpus, params string[] arguments) =>
        StartAndStay(folder, models, gpus, ["--exit-when-done", .. arguments]);

    /// <summary>Starts an app host that stays after its sweep.</summary>
    public static AppHostProcess StartAndStay(TemporaryFolder folder, JsonArray models, FakeGpus? gpus, params string[] arguments)
    {
        File.WriteAllText(folder["settings.json"],
            new JsonObject { ["LiveClin"] = new JsonObject { ["Models"] = models, ["Logs"] = folder["logs"],
            ["GpuTimeout"] = "00:00:30" } }.ToJsonString());
        var configuration = typeof(AppHostProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var project = Path.Combine(SharedData.RepositoryRoot, "LiveClin.AppHost");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = project,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all = [Path.Combine(project, "bin", configuration, "net10.0", "LiveClin.AppHost.dll"), "--settings",
            folder["settings.json"], "--results", folder["results"], .. arguments];
        foreach (var argument in all) start.ArgumentList.Add(argument);
        foreach (var (name, value) in LiveClin.Testing.Doubles.Environment(gpus)) start.Environment[name] = value;
        // What an app host in this process does to the environment of all: it marks what is its own, and takes the password away.
        start.Environment.Remove(StartedProcesses.Variable);
        start.Environment["PGPASSWORD"] = PostgresServer.Password;
        var mark = $"LIVECLIN_TEST_{Guid.NewGuid():N}";
        start.Environment[mark] = "1";
        return new AppHostProcess(RequiredProgram.Start(start)) { Mark = mark };
    }

    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        return EndAsync(cancellationToken);
    }

    /// <summary>SIGKILL to the app host alone.</summary>
    public void Kill() => _process.Kill(entireProcessTree: false);

    /// <summary>SIGKILL to one of its children.</summary>
    /// <param name="command">Tells which, by its command line.</param>
    public void KillChild(Predicate<string> command)
    {
        var pid = Children().Single(p => command(Read($"/proc/{p}/cmdline").Replace('\0', ' ')));
        using var child = Process.GetProcessById(pid);
        child.Kill();
    }

    /// <summary>Ids of living processes that descend from this app host.</summary>
    public IReadOnlyList<int> Children() => [.. Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0)
        .Where(pid => pid > 0 && pid != _process.Id && IsMine(pid))];

    public async Task SaysAsync(string text, CancellationToken cancellationToken)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The app host ended with {_process.ExitCode} before it said '{text}':\n{Output}");
            await Task.Delay(50, cancellationToken);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            // A model server has a keeper of its own, and writes into the folder that goes next until that one has ended it. What none
            // ends is the gate's to find, and no reason to wait for ever.
            var waited = Stopwatch.StartNew();
            while (Children().Count > 0 && waited.Elapsed < HangGuard.Longest) Thread.Sleep(50);
        }

        _process.Dispose();
    }

    private bool IsMine(int pid) => Read($"/proc/{pid}/environ").Contains(Mark, StringComparison.Ordinal)
        && Read($"/proc/{pid}/stat").Split(") ")[^1] is not ("" or ['Z', ..]);

    // Empty where the process has ended meanwhile.
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void Said(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }
}
