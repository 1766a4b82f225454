using System.Text.RegularExpressions;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <summary>
/// Where a store is: a file, or a PostgreSQL database as <c>postgres://</c> or <c>postgresql://user@host:port/database[?sslmode=…]</c> or
/// in Npgsql's form <c>Host=…;Database=…</c>.
/// </summary>
public sealed partial class StoreLocation
{
    /// <summary>The setting that names a database where no store is named.</summary>
    public const string Setting = "ConnectionStrings:liveclin";

    /// <summary>The same as an environment variable.</summary>
    public const string Variable = "ConnectionStrings__liveclin";

    /// <summary>What a store may be, for the help of commands.</summary>
    public const string Help = "FILE.db|postgres://…";

    private StoreLocation(string name, PostgresAddress? database) => (Name, Database) = (name, database);

    /// <summary>What it is called: a file as it was given, a database's address without passwords.</summary>
    public string Name { get; }

    /// <summary>True for a database, false for a file.</summary>
    public bool IsDatabase => Database is not null;

    /// <summary>True when the text holds a password.</summary>
    public bool HasPassword => Database?.HasPassword ?? false;

    internal PostgresAddress? Database { get; }

    /// <summary>Reads a setting, which may hold a password.</summary>
    /// <exception cref="StoreException">It names a database in a way that cannot be read; the text is not repeated.</exception>
    public static StoreLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return Read(text);
        }
        // Nobody has typed it: say where it stands.
        catch (StoreException error) when (text == Environment.GetEnvironmentVariable(Variable))
        {
            throw new StoreException(error.Problem, $"{Variable}: {error.Message}");
        }
    }

    private static StoreLocation Read(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            throw new StoreException(StoreProblem.Other, $"No store is named. A store is {Help} or Host=…;Database=….");
        if (trimmed == ContainerWord)
            throw new StoreException(StoreProblem.Other,
                "A store called container is one of the app host's: LiveClin.AppHost -- --store container. A file of that name is ./container.");
        if (Scheme().IsMatch(trimmed) && !PostgresAddress.IsUrl(trimmed))
            throw new StoreException(StoreProblem.Other,
                $"The store begins as an address of a kind that is not known here. A store is {Help} or Host=…;Database=…; a file with a colon in its name is ./NAME.");
        var address = PostgresAddress.IsUrl(trimmed) ? PostgresAddress.OfUrl(trimmed)
            : ConnectionString().IsMatch(trimmed) ? PostgresAddress.OfConnectionString(trimmed)
            : null;
        return address is null ? new StoreLocation(text, null) : new StoreLocation(address.Name, address);
    }

    /// <summary>Reads an argument, which every user of the machine can see while the program runs.</summary>
    /// <exception cref="StoreException">It holds a password, or cannot be read.</exception>
    public static StoreLocation ParseArgument(string text)
    {
        var location = Parse(text);
        return location.HasPassword ? throw new StoreException(StoreProblem.Other, PasswordProblem) : location;
    }

    /// <summary>Why an argument is refused; null when it may be used.</summary>
    public static string? FindProblem(string text)
    {
        try
        {
            ParseArgument(text);
            return null;
        }
        catch (StoreException error)
        {
            return error.Message;
        }
    }

    /// <summary>True when there is something: a file or folder that exists, or a database, of which only a connection can tell.</summary>
    public bool MayExist => IsDatabase || Path.Exists(Name);

    /// <summary>The store where none is named: that of the environment, or a file.</summary>
    public static string DefaultOr(string file) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } database ? database : file;

    private const string PasswordProblem =
        "A password in an argument can be read by every user of this machine. Leave it out and set PGPASSWORD, or name a password file with " +
        "PGPASSFILE (~/.pgpass is found by itself), or set the whole connection string in the environment as " + Variable + ".";

    private const string ContainerWord = "container";

    // A letter alone is a drive.
    [GeneratedRegex("^([a-z][a-z0-9+.-]+:|[a-z]://)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    // Whatever holds one of these words, or two words with values, may hold a password, and is never the name of a file.
    [GeneratedRegex(
        @"^[\w ]+=[^;]*;\s*[\w ]+=|(^|;)\s*(host|server|data source|addr(ess)?|port|database|initial catalog|db(name)?|user( ?(id|name))?|uid|password|pwd|passwd|psw|passfile|ssl ?\w+)\s*=",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ConnectionString();
}
