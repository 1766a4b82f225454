using System.Globalization;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Sweep;

/// <summary>Writes every start of a model server to a file of its own, <c>logs/&lt;name&gt;_&lt;yyyymmdd-hhmmss&gt;.log</c>, as the published controller does.</summary>
internal sealed class ServerLogs(ResourceLoggerService loggers, SweepSettings settings, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StreamWriter> _files = [];
    private readonly HashSet<string> _watched = [];
    private readonly Dictionary<string, string> _paths = [];

    /// <summary>The file of a server's last start, or null.</summary>
    public string? FileOf(ManagedServerResource server)
    {
        lock (_lock) return _paths.GetValueOrDefault(server.Name);
    }

    /// <summary>Opens the file of a start; what the server writes from now on goes there.</summary>
    public void Begin(ManagedServerResource server)
    {
        Directory.CreateDirectory(settings.LogFolder);
        var name = $"{FileName(server.Model.Name)}_{time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        var path = Path.Combine(settings.LogFolder, name + ".log");
        for (var i = 2; File.Exists(path); i++) path = Path.Combine(settings.LogFolder, $"{name}-{i}.log");
        lock (_lock)
        {
            if (_files.Remove(server.Name, out var earlier)) earlier.Dispose();
            _files[server.Name] = new StreamWriter(path);
            _paths[server.Name] = path;
            if (_watched.Add(server.Name)) _ = WatchAsync(server);
        }
    }

    /// <summary>Closes all files.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _files.Values) file.Dispose();
            _files.Clear();
        }
    }

    /// <summary>A log line without the time that the hosting library put before it.</summary>
    public static string WithoutTime(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && line[space - 1] == 'Z' && DateTime.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _) ? line[(space + 1)..] : line;
    }

    // One watch for the server's whole life: a new one would begin with the lines of earlier starts.
    private async Task WatchAsync(ManagedServerResource server)
    {
        await foreach (var batch in loggers.WatchAsync(server).ConfigureAwait(false))
        {
            lock (_lock)
            {
                if (!_files.TryGetValue(server.Name, out var file)) continue;
                foreach (var line in batch) file.WriteLine(WithoutTime(line.Content));
                file.Flush();
            }
        }
    }

    private static string FileName(string model) => string.Concat(model.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
}
