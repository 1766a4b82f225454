using LiveClin.AppHost.ModelServers;

namespace LiveClin.AppHost.Gpus;

/// <summary>
/// What model servers of this app host have for themselves while they run: devices, a port that the settings give, the processor for
/// those that need no device. Servers whose seats do not overlap run at the same time.
/// </summary>
internal sealed class Seats
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ManagedServerResource> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<ManagedServerResource, TaskCompletionSource> _seated = [];

    /// <summary>True when another server has it.</summary>
    public bool IsTaken(string seat, ManagedServerResource server)
    {
        lock (_lock) return _taken.TryGetValue(seat, out var holder) && holder != server;
    }

    /// <summary>Gives a server all of these seats in place of those that it has, or none.</summary>
    /// <returns>False when another server has one of them.</returns>
    public bool TryTake(ManagedServerResource server, IReadOnlyList<string> seats)
    {
        lock (_lock)
        {
            if (seats.Any(seat => _taken.TryGetValue(seat, out var holder) && holder != server)) return false;
            Free(server);
            foreach (var seat in seats) _taken[seat] = server;
            Source(server).TrySetResult();
            return true;
        }
    }

    /// <summary>Completes when the server has its seats.</summary>
    public Task SeatedAsync(ManagedServerResource server)
    {
        lock (_lock) return Source(server).Task;
    }

    /// <summary>Frees what the server has.</summary>
    public void Leave(ManagedServerResource server)
    {
        lock (_lock)
        {
            Free(server);
            _seated.Remove(server);
        }
    }

    private void Free(ManagedServerResource server)
    {
        foreach (var seat in _taken.Where(pair => pair.Value == server).Select(pair => pair.Key).ToList()) _taken.Remove(seat);
    }

    private TaskCompletionSource Source(ManagedServerResource server)
    {
        if (!_seated.TryGetValue(server, out var source))
            _seated[server] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return source;
    }
}
