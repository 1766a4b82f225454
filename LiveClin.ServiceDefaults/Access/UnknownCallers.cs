using Microsoft.AspNetCore.Connections;

namespace LiveClin.ServiceDefaults.Access;

/// <summary>
/// Connections on which nobody has shown the token yet. Only so many are kept, and the newest ones: a stranger who opens thousands takes
/// none from those who are let in, and the owner's next call finds room.
/// </summary>
/// <param name="most">How many are kept.</param>
internal sealed class UnknownCallers(int most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ConnectionContext> _oldestFirst = new();

    /// <summary>Serves a connection.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var place = new LinkedListNode<ConnectionContext>(connection);
        connection.Features.Set(new KnownCaller(() => Remove(place)));
        Add(place);
        try
        {
            await next(connection);
        }
        finally
        {
            Remove(place);
        }
    }

    private void Add(LinkedListNode<ConnectionContext> place)
    {
        ConnectionContext? oldest = null;
        lock (_lock)
        {
            _oldestFirst.AddLast(place);
            if (_oldestFirst.Count > most)
            {
                oldest = _oldestFirst.First!.Value;
                _oldestFirst.RemoveFirst();
            }
        }

        oldest?.Abort(new ConnectionAbortedException("Newer connections need the room, and nobody has shown the token on this one."));
    }

    private void Remove(LinkedListNode<ConnectionContext> place)
    {
        lock (_lock)
            if (place.List is not null) _oldestFirst.Remove(place);
    }
}

/// <summary>Belongs to a connection; told when somebody shows the token on it.</summary>
/// <param name="onShown">What happens then.</param>
internal sealed class KnownCaller(Action onShown)
{
    /// <summary>The connection stays.</summary>
    public void Show() => onShown();
}
