using System.Globalization;
using LiveClin.Core.Text;
using Npgsql;

namespace LiveClin.Core.Results.Engines;

/// <summary>
/// Where a PostgreSQL database is. Npgsql reads no URLs, so they are translated; names of parameters are libpq's or Npgsql's.
/// </summary>
internal sealed class PostgresAddress
{
    private const int DefaultPort = 5432;

    private static readonly Dictionary<string, string> Translated = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host", ["port"] = "Port", ["user"] = "Username", ["dbname"] = "Database", ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password", ["sslnegotiation"] = "SSL Negotiation", ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout", ["application_name"] = "Application Name", ["options"] = "Options",
        ["keepalives_idle"] = "TCP Keepalive Time", ["keepalives_interval"] = "TCP Keepalive Interval",
        ["target_session_attrs"] = "Target Session Attributes", ["search_path"] = "Search Path", ["krbsrvname"] = "Kerberos Service Name",
    };

    // What another command needs to reach the same database in the same way.
    private static readonly (string Url, string Npgsql)[] Shown =
        [("sslmode", "SSL Mode"), ("sslrootcert", "Root Certificate"), ("sslcert", "SSL Certificate"), ("sslkey", "SSL Key"),
            ("search_path", "Search Path")];

    private static readonly NpgsqlConnectionStringBuilder Defaults = [];
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings)
    {
        if (string.IsNullOrEmpty(settings.Host)) settings.Host = "localhost";
        RefuseOthers(settings);
        _settings = settings;
        HasPassword = settings.Password is { Length: > 0 } || settings.SslPassword is { Length: > 0 };
        Name = NameOf(settings);
    }

    /// <summary>As a URL without passwords.</summary>
    public string Name { get; }

    public bool HasPassword { get; }

    /// <summary>A copy of all that was given.</summary>
    public NpgsqlConnectionStringBuilder Settings() => new(_settings.ConnectionString);

    public static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    public static PostgresAddress OfConnectionString(string text)
    {
        try
        {
            return new PostgresAddress(new NpgsqlConnectionStringBuilder(text));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Unreadable(
                FindWrongPart(text) ?? $"a word of it is none that Npgsql knows, or has a value that it does not take ({SslModes})");
        }
    }

    // Where one of several servers is a copy that cannot be written, answers would go wherever a connection happened to lead.
    private static void RefuseOthers(NpgsqlConnectionStringBuilder settings)
    {
        if (LibpqWords(settings) is { } word)
            throw Unreadable($"a value holds ' {word}=', as in libpq's form with spaces between the words");
        if (settings.TargetSessionAttributes is not null)
            throw Unreadable("target_session_attrs chooses among several servers. A store is one: name the one that can be written");
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
            throw Unreadable("it names several servers. A store is one: name the one that can be written, or a proxy that leads there");
        if (settings.RootCertificate is { Length: > 0 } file && !File.Exists(file))
            throw new StoreException(StoreProblem.Other, $"sslrootcert names {ShownText.Line(file)}, which is no file.");
    }

    // host=db password=secret: all of it would be the name of a server, and be repeated.
    private static string? LibpqWords(NpgsqlConnectionStringBuilder settings) =>
        ((string?[])[settings.Host, settings.Username, settings.Database])
            .SelectMany(value => Translated.Keys.Where(word => value?.Contains($" {word}=", StringComparison.OrdinalIgnoreCase) == true))
                .FirstOrDefault();

    // By its number where it stands behind a password: it may be a part of one that holds a semicolon.
    private static string? FindWrongPart(string text)
    {
        var parts = text.Split(';');
        for (var i = 0; i < parts.Length; i++)
        {
            var word = Split(parts[i], parts[i].IndexOf('=', StringComparison.Ordinal)).Before.Trim();
            if (word.Length == 0 || IsKnown(word)) continue;
            return !parts[i].Contains('=', StringComparison.Ordinal) || parts[..i].Any(MayHoldSecret)
                ? string.Create(CultureInfo.InvariantCulture, $"its part {i + 1} does not begin with a word that Npgsql knows")
                    + " (a value with a ; in it is quoted: Password='…')"
                : $"Npgsql does not know the word '{ShownText.Line(word)}'";
        }

        return null;
    }

    private static bool IsKnown(string word)
    {
        try
        {
            return Defaults.ContainsKey(word);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool MayHoldSecret(string part) =>
        ((string[])["pass", "psw", "pwd"]).Any(word => part.Contains(word, StringComparison.OrdinalIgnoreCase));

    // postgresql://user:secret@host:5432/database?sslmode=verify-full
    public static PostgresAddress OfUrl(string url)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (path, query) = Split(rest, rest.IndexOf('?', StringComparison.Ordinal));
        var (authority, database) = Split(path, path.IndexOf('/', StringComparison.Ordinal));
        // Else a part of the password would be taken for a port, and repeated.
        if (database.Contains('@', StringComparison.Ordinal) || query.Contains('@', StringComparison.Ordinal))
            throw Unreadable("there is an @ behind its first / or ?. In a user's name or a password, / ? # @ and : are written as %2F %3F %23 %40 and %3A");
        var at = authority.LastIndexOf('@');
        var (user, hosts) = at < 0 ? ("", authority) : Split(authority, at);
        var (name, password) = Split(user, user.IndexOf(':', StringComparison.Ordinal));
        var settings = new NpgsqlConnectionStringBuilder();
        Set(settings, "user", name);
        Set(settings, "password", password);
        Set(settings, "dbname", database);
        SetHosts(settings, hosts);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Split(pair, pair.IndexOf('=', StringComparison.Ordinal));
            Set(settings, Unescape(key), value);
        }

        return new PostgresAddress(settings);
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder settings, string hosts)
    {
        if (hosts.Contains(',', StringComparison.Ordinal))
        {
            Set(settings, "host", hosts); // each with its port, as Npgsql has it
            return;
        }

        var colon = hosts.LastIndexOf(':');
        var isPort = colon > hosts.LastIndexOf(']') && colon >= 0;
        Set(settings, "host", (isPort ? hosts[..colon] : hosts).Trim('[', ']'));
        if (isPort) Set(settings, "port", hosts[(colon + 1)..]);
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string key, string escaped)
    {
        if (escaped.Length == 0) return;
        var name = Translated.GetValueOrDefault(key, key);
        var value = Unescape(escaped);
        try
        {
            // "verify-full" is VerifyFull there.
            settings[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception error) when (
            error is ArgumentException or FormatException or KeyNotFoundException or OverflowException or InvalidCastException)
        {
            throw Unreadable(name == "SSL Mode" ? SslModes : $"its parameter '{key}' is unknown, or has a value that it does not take");
        }
    }

    private const string SslModes = "sslmode is one of disable, allow, prefer, require, verify-ca and verify-full";

    // No exception but its own: those of .NET would repeat the text.
    private static StoreException Unreadable(string why) => new(
        StoreProblem.Other, $"The address of the PostgreSQL store cannot be read: {why}. It is postgresql://user@host:port/database?sslmode=… or Host=…;Database=….");

    private static (string Before, string After) Split(string text, int at) => at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static string NameOf(NpgsqlConnectionStringBuilder settings)
    {
        var user = settings.Username is { Length: > 0 } name ? Uri.EscapeDataString(name) + "@" : "";
        var isSocket = settings.Host!.StartsWith('/');
        var host = isSocket ? "" : settings.Host.Contains(':', StringComparison.Ordinal)
            && !settings.Host.Contains(',', StringComparison.Ordinal)
            ? $"[{settings.Host}]" : settings.Host;
        var port = settings.Port == DefaultPort || isSocket ? "" : string.Create(CultureInfo.InvariantCulture, $":{settings.Port}");
        var more = Shown.Where(shown => !Equals(settings[shown.Npgsql], Defaults[shown.Npgsql]))
            .Select(shown => $"{shown.Url}={InQuery(Worded(shown.Npgsql, settings))}");
        if (isSocket)
            more = more.Prepend(string.Create(CultureInfo.InvariantCulture, $"port={settings.Port}")).Prepend($"host={settings.Host}");
        var query = string.Join('&', more);
        return $"postgresql://{user}{host}{port}/{Uri.EscapeDataString(settings.Database ?? "")}{(query.Length == 0 ? "" : "?" + query)}";
    }

    // A path stays one that can be read: a slash needs no escape there.
    private static string InQuery(string value) => Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal);

    private static string Worded(string name, NpgsqlConnectionStringBuilder settings) => settings[name] switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        SslMode mode => mode.ToString().ToLowerInvariant(),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
