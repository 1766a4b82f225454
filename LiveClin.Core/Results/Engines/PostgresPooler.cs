using Npgsql;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// Refuses a pooler that hands a session to whoever comes next. Claims are the session's: strangers would have them, and a question would
/// be asked by two.
/// </summary>
internal static class PostgresPooler
{
    private const int Looks = 3;

    /// <summary>Makes sure that the connection keeps its session, as far as can be told when it begins.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="settings">What it was opened with.</param>
    /// <param name="name">What the store is called.</param>
    /// <returns>The server's number of the session.</returns>
    /// <exception cref="StoreException">It does not.</exception>
    public static int Refuse(NpgsqlConnection connection, string settings, string name)
    {
        var session = SessionOf(connection);
        // A pooler tells its clients numbers of its own.
        if (session != connection.ProcessID && IsHandedOn(connection, settings, session)) throw IsBetween(name);
        return session;
    }

    /// <summary>What is said of such a pooler.</summary>
    public static StoreException IsBetween(string name) => new(
        StoreProblem.Refused,
        $"{name} is reached through a pooler that gives a session to whoever comes next (transaction or statement mode), and claims "
        + "belong to sessions. Name the server itself, or a pooler in session mode; see docs/postgresql.md.");

    // Another client gets the session that this one has just used, or this one gets another.
    private static bool IsHandedOn(NpgsqlConnection connection, string settings, int session)
    {
        try
        {
            using var other = new NpgsqlConnection(settings);
            other.Open();
            return Enumerable.Range(0, Looks).Any(_ => SessionOf(other) == session || SessionOf(connection) != session);
        }
        catch (NpgsqlException)
        {
            return false; // no place for a second one: each claim looks again
        }
    }

    private static int SessionOf(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)command.ExecuteScalar()!;
    }
}
