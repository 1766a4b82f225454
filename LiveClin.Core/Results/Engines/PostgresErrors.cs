using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using LiveClin.Core.Text;
using Npgsql;

namespace LiveClin.Core.Results.Engines;

/// <summary>Says PostgreSQL's errors in words that tell what to do. No message of Npgsql or PostgreSQL holds a password.</summary>
internal static class PostgresErrors
{
    private const string Deadlock = PostgresErrorCodes.DeadlockDetected, Serialization = PostgresErrorCodes.SerializationFailure;

    public static StoreException Explain(Exception error, string name) => error switch
    {
        StoreException known => known,
        PostgresException postgres =>
            new StoreException(ProblemOf(postgres), $"{name}: {postgres.MessageText}. {AdviceOn(postgres)}".TrimEnd(), error),
        NpgsqlException when LacksPassword(error) => new StoreException(
            StoreProblem.Refused, $"{name}: the server wants a password, and none is given. {PasswordAdvice}", error),
        NpgsqlException or IOException when LacksFile(error) => new StoreException(
            StoreProblem.Refused, $"{name}: {OfMissingFile(Innermost(error).Message.TrimEnd('.'))}", error),
        // Npgsql reads the authority's file when the server shows its certificate.
        CryptographicException or NpgsqlException { InnerException: CryptographicException } => new StoreException(
            StoreProblem.Refused,
            $"{name}: {Innermost(error).Message.TrimEnd('.')}. What sslrootcert, sslcert or sslkey names is no certificate or key (PEM).",
            error),
        NpgsqlException or IOException or SocketException or TimeoutException => new StoreException(
            Innermost(error) is AuthenticationException ? StoreProblem.Refused : StoreProblem.Unreachable,
            $"{name}: the server cannot be reached ({Innermost(error).Message.TrimEnd('.')}). {AdviceOn(Innermost(error))} "
            + "What was stored before is kept; the same command goes on.", error),
        _ => new StoreException(StoreProblem.Other, $"{name}: {error.Message}", error),
    };

    public static WriteFailure Classify(Exception error) => error switch
    {
        StoreException { Problem: StoreProblem.Unreachable or StoreProblem.Refused } => WriteFailure.All,
        PostgresException { SqlState: Deadlock or Serialization } => WriteFailure.Again,
        PostgresException postgres when IsGone(postgres) => WriteFailure.Disconnected,
        PostgresException postgres when IsOfPooler(postgres) => WriteFailure.All,
        PostgresException postgres => IsOfAll(postgres) ? WriteFailure.All : WriteFailure.OneWrite,
        NpgsqlException or IOException when LacksPassword(error) || LacksFile(error) => WriteFailure.All, // waiting does not mend it
        NpgsqlException { InnerException: CryptographicException } => WriteFailure.All,
        NpgsqlException => WriteFailure.Disconnected,
        _ => WriteFailure.OneWrite,
    };

    // Shut down, starting up, full of others, or become a copy that cannot be written: each passes.
    private static bool IsGone(PostgresException error) => error.SqlState is
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
        or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.IdleSessionTimeout
        || (error.SqlState.StartsWith("08", StringComparison.Ordinal) && !IsOfPooler(error));

    // PgBouncer's words, under the code of a broken connection: it says the same at each try.
    private static bool IsOfPooler(PostgresException error) => error.SqlState == PostgresErrorCodes.ProtocolViolation
        && error.MessageText.Contains("startup parameter", StringComparison.Ordinal);

    private static bool IsOfAll(PostgresException error) =>
        error.SqlState.StartsWith("53", StringComparison.Ordinal) || error.SqlState.StartsWith("58", StringComparison.Ordinal);

    private static StoreProblem ProblemOf(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.DiskFull => StoreProblem.Full,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StoreProblem.Damaged,
        PostgresErrorCodes.InvalidCatalogName => StoreProblem.Missing,
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => StoreProblem.Refused,
        _ when IsOfPooler(error) => StoreProblem.Refused,
        _ => IsGone(error) ? StoreProblem.Unreachable : StoreProblem.Other,
    };

    // What .NET or Npgsql finds before the server has said a word.
    private static string AdviceOn(Exception innermost) => innermost switch
    {
        AuthenticationException =>
            "Its certificate is not trusted, or is another server's: name the file of its authority with sslrootcert, and the server as in its certificate.",
        NpgsqlException when innermost.Message.StartsWith("SSL connection requested", StringComparison.Ordinal) =>
            "The server offers no TLS: switch it on there; sslmode=disable does without, and is for this machine alone.",
        _ => "Is it running, and does it listen there?",
    };

    // Npgsql's own finding.
    private static bool LacksPassword(Exception error) => Innermost(error).Message.StartsWith("No password", StringComparison.Ordinal);

    private static bool LacksFile(Exception error) => Innermost(error) is FileNotFoundException or DirectoryNotFoundException;

    private static string OfMissingFile(string message) =>
        Environment.GetEnvironmentVariable("PGPASSFILE") is { Length: > 0 } file && message.Contains(file, StringComparison.Ordinal)
            ? $"PGPASSFILE names {ShownText.Line(file)}, which is not there. {PasswordAdvice}"
            : $"{message}. The address names it (sslrootcert, sslcert, sslkey, passfile).";

    private const string PasswordAdvice =
        $"Set PGPASSWORD, or name a password file with PGPASSFILE, or set {StoreLocation.Variable}; see docs/postgresql.md.";

    private static string AdviceOn(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.DiskFull => "Make room on the server; what was stored before is kept, and the same command goes on.",
        PostgresErrorCodes.InvalidCatalogName => "Create the database first: createdb --owner=ROLE NAME.",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => PasswordAdvice,
        PostgresErrorCodes.InsufficientPrivilege =>
            "Whoever writes must own the database (createdb --owner=ROLE NAME); whoever reads needs SELECT on its tables: docs/postgresql.md.",
        PostgresErrorCodes.OutOfMemory or "53200" =>
            "Claims are locks of the server: raise its max_locks_per_transaction, or lower --concurrency.",
        PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement =>
            "A pooler on the way gives sessions to others (transaction mode): name the server itself, or a pooler in session mode.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "It is a copy of another server, or this role or database only reads (default_transaction_read_only): "
                + "name what can be written.",
        _ when IsOfPooler(error) =>
            "A pooler on the way does not let it pass: set ignore_startup_parameters = options there (PgBouncer), "
                + "or name the server itself.",
        PostgresErrorCodes.TooManyConnections => "Raise the server's max_connections, or start fewer evaluators.",
        _ => "",
    };

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
