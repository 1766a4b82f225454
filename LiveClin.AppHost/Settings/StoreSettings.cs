using LiveClin.Core.Results;

namespace LiveClin.AppHost.Settings;

/// <summary>Where results go: a file, a PostgreSQL database that runs already, or one in a container of this app host.</summary>
/// <param name="Name">What commands call it: never a secret.</param>
/// <param name="File">Full path of the file; null for a database.</param>
/// <param name="Database">What opens the database, perhaps with a password; null for a file and for the container.</param>
internal sealed record StoreSettings(string Name, string? File = null, string? Database = null)
{
    /// <summary>The word that stands for a container.</summary>
    public const string ContainerWord = "container";

    /// <summary>The environment variable in which a job says where the store's content will lie when it has ended.</summary>
    public const string KeptVariable = "LIVECLIN_KEPT_STORE";

    /// <summary>What commands call the results afterwards: a job's own store goes with its node.</summary>
    public string KeptName => Environment.GetEnvironmentVariable(KeptVariable) is { Length: > 0 } kept ? kept : Name;

    /// <summary>The password of the environment (<c>PGPASSWORD</c>), for the evaluator alone; null where there is none.</summary>
    public string? Password { get; init; }

    /// <summary>True for a container of this app host.</summary>
    public bool IsContainer => File is null && Database is null;

    /// <summary>True when a setting or an argument asks for a container.</summary>
    public static bool IsContainerWord(string text) => text.Trim().Equals(ContainerWord, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a setting or an argument.</summary>
    /// <exception cref="StoreException">It names a database in a way that cannot be read.</exception>
    public static StoreSettings Of(string text)
    {
        // Its port and password are Aspire's to choose; the dashboard shows them.
        if (IsContainerWord(text)) return new StoreSettings("postgresql://postgres@127.0.0.1:PORT/liveclin");
        var location = StoreLocation.Parse(text);
        return location.IsDatabase
            ? new StoreSettings(location.Name, Database: text) : new StoreSettings(Path.GetFullPath(text), Path.GetFullPath(text));
    }
}
