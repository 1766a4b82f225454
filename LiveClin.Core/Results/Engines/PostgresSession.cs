using System.Globalization;
using LiveClin.Core.Releases;
using Npgsql;

namespace LiveClin.Core.Results.Engines;

/// <summary>What every session with the server is told: what must hold, and how soon each side finds out that the other is gone.</summary>
internal sealed class PostgresSession
{
    // How soon server and client find out that the other is gone without a word: seconds of silence, then so many questions. The connection
    // string may name others.
    private const int Silence = 15, Question = 5, Questions = 3;

    private const int MostReaders = 20;

    /// <param name="settings">What was given; is changed.</param>
    public PostgresSession(NpgsqlConnectionStringBuilder settings)
    {
        RequireRegular(settings.Passfile ?? Environment.GetEnvironmentVariable("PGPASSFILE"));
        settings.ApplicationName ??= ProgramName();
        settings.IncludeErrorDetail = false; // it would repeat values
        // A socket of this machine has no silence: both sides are told of the other's end, and none of this can be set on it.
        settings.TcpKeepAlive = !settings.Host!.StartsWith('/');
        settings.TcpKeepAliveTime = Given(settings, settings.TcpKeepAliveTime, Silence);
        settings.TcpKeepAliveInterval = Given(settings, settings.TcpKeepAliveInterval, Question);
        settings.Multiplexing = false; // a session is one connection's
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        settings.Pooling = false;
        Writer = settings.ConnectionString;
        WriterSettings = Durable + (settings.TcpKeepAlive ? KeepAlives(settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) : "");
        settings.Pooling = true;
        (settings.MinPoolSize, settings.MaxPoolSize) = (0, MostReaders);
        settings.Options = $"{settings.Options} {ReaderOptions(settings)}".Trim();
        Readers = settings.ConnectionString;
    }

    /// <summary>The connection string of the writer.</summary>
    public string Writer { get; }

    /// <summary>What the writer says first (SQL).</summary>
    public string WriterSettings { get; }

    /// <summary>The connection string of readers, whose sessions are pooled and cannot write.</summary>
    public string Readers { get; }

    // Nothing weaker: an answer is on disk when its transaction ends, and each statement sees what others have stored before it. And no
    // limit that a role or database has for its sessions, as far as this server knows it: claims end with the session, and a model may
    // think for an hour.
    private const string Durable =
        """
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
        SET default_transaction_isolation = 'read committed';
        SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN
            ('idle_session_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout', 'statement_timeout', 'lock_timeout');
        """;

    // They let the server free the claims of a client that was cut off.
    private static string KeepAlives(int silence, int question) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SET tcp_keepalives_idle = {silence}; SET tcp_keepalives_interval = {question}; SET tcp_keepalives_count = {Questions};
        SET tcp_user_timeout = {1000 * (silence + (question * Questions))};
        """);

    // Npgsql would wait for somebody to write into a pipe, for good. The empty device is how people say that there is no such file.
    private static void RequireRegular(string? passwords)
    {
        try
        {
            if (passwords is { Length: > 0 } and not "/dev/null") RegularFile.Require(passwords);
        }
        catch (IOException error)
        {
            throw new StoreException(StoreProblem.Other, $"The password file (PGPASSFILE, passfile): {error.Message}", error);
        }
    }

    private static int Given(NpgsqlConnectionStringBuilder settings, int seconds, int otherwise) =>
        !settings.TcpKeepAlive ? 0 : seconds > 0 ? seconds : otherwise;

    // Readers hold nothing, but a place among the server's connections, also when they were cut off. Whoever reads waits as long as the
    // connection string says (Command Timeout): a run does not end by a limit that a role or database has for its statements.
    private static string ReaderOptions(NpgsqlConnectionStringBuilder settings)
    {
        const string Always = "-c default_transaction_read_only=on -c statement_timeout=0 -c lock_timeout=0";
        var (silence, question) = (settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval);
        return !settings.TcpKeepAlive ? Always : string.Create(
            CultureInfo.InvariantCulture,
            $"{Always} -c tcp_keepalives_idle={silence} -c tcp_keepalives_interval={question} -c tcp_keepalives_count={Questions}");
    }

    private static string ProgramName() => string.Create(
        CultureInfo.InvariantCulture, $"{AppDomain.CurrentDomain.FriendlyName}@{Environment.MachineName}:{Environment.ProcessId}");
}
