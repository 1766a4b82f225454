using System.Globalization;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers;

/// <summary>
/// The logs of model servers: a file for every start, <c>logs/&lt;name&gt;_&lt;yyyymmdd-hhmmss&gt;.log</c>, as the published controller
/// keeps them. The launcher writes them, so that they are whole whatever becomes of the app host.
/// </summary>
internal sealed class ServerLogs(SweepSettings settings, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _files = [];

    /// <summary>The file of a server's last start, or null.</summary>
    public string? FileOf(ManagedServerResource server)
    {
        lock (_lock) return _files.TryGetValue(server.Name, out var file) && File.Exists(file) ? file : null;
    }

    /// <summary>The file for a server's next start.</summary>
    public string NextFile(ManagedServerResource server)
    {
        var name = $"{FileName(server.Model.Name)}_{time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        lock (_lock)
        {
            var file = Path.GetFullPath(Path.Combine(settings.LogFolder, name + ".log"));
            for (var i = 2; File.Exists(file); i++) file = Path.GetFullPath(Path.Combine(settings.LogFolder, $"{name}-{i}.log"));
            return _files[server.Name] = file;
        }
    }

    /// <summary>What a server has said since its last start.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(ManagedServerResource server)
    {
        if (FileOf(server) is not { } file) return [];
        var lines = new List<string>();
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (await reader.ReadLineAsync() is { } line) lines.Add(line);
        return lines;
    }

    private static string FileName(string model) =>
        string.Concat(model.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
}
