using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace LiveClin.Testing.Postgres;

/// <summary>
/// A PostgreSQL server of its own: Debian's binaries on a free port of loopback, with its data in a temporary folder, under a user of its
/// own where tests run as root. It ends with this process, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The role that owns the server.</summary>
    public const string Role = "liveclin";

    /// <summary>Its password.</summary>
    public const string Password = "open-sesame-7c1f";

    // The shell that started the server ends it when its input ends: that happens when this process is gone, too. "immediate" is enough for
    // data that are thrown away.
    private const string Script =
        """
        folder=$1 bin=$2 port=$3 durable=$4
        printf %s "$5" > "$folder/password"
        "$bin/initdb" -D "$folder/data" -U "$6" -E UTF8 --locale=C --auth-local=trust --auth-host=scram-sha-256 --pwfile="$folder/password" --no-sync > "$folder/initdb.log" 2>&1 || exit 1
        printf "fsync = %s\nlisten_addresses = '127.0.0.1%s'\nport = %s\nunix_socket_directories = '%s'\nmax_connections = 200\n" "$durable" "${7:+,$7}" "$port" "$folder" >> "$folder/data/postgresql.conf"
        [ -z "$7" ] || printf 'host all all %s/29 scram-sha-256\n' "$7" >> "$folder/data/pg_hba.conf"
        serve() { "$bin/postgres" -D "$folder/data" >> "$folder/server.log" 2>&1 & server=$!; }
        serve
        while read -r word; do
          case $word in
            stop) kill -INT $server; wait $server; echo stopped ;;
            crash) kill -QUIT $server; wait $server; echo stopped ;;
            start) serve; echo started ;;
          esac
        done
        kill -QUIT $server 2>/dev/null; wait $server
        """;

    // Ends what hangs; a busy machine takes a while to make the server's files.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly DirectoryInfo _folder;
    private readonly Process _shell;

    private PostgresServer(DirectoryInfo folder, Process shell, int port) => (_folder, _shell, Port) = (folder, shell, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The folder of its socket, which asks for no password.</summary>
    public string SocketFolder => _folder.FullName;

    /// <summary>Its databases are reached with this; the password is in it.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = Role, Password = Password, Database = database,
    }.ConnectionString;

    /// <summary>The folder of Debian's server programs, newest first; null where there are none.</summary>
    public static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).OrderByDescending(bin => bin, StringComparer.Ordinal).FirstOrDefault()
        : null;

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="programs">The folder of its programs.</param>
    /// <param name="durable">Whether it writes through to the disk, as it does where results matter.</param>
    /// <param name="address">A further address of this machine at which it listens, to the few beside it; null for loopback alone.</param>
    public static async Task<PostgresServer> StartAsync(string programs, bool durable = false, IPAddress? address = null)
    {
        var folder = Directory.CreateTempSubdirectory("liveclin-postgres-");
        var port = FreePort.Find();
        string[] shell = ["sh", "-c", Script, "postgres", folder.FullName, programs, port.ToString(CultureInfo.InvariantCulture), durable
            ? "on" : "off", Password, Role, $"{address}"];
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            using (var owner = Process.Start("chown", ["postgres", folder.FullName])) await owner.WaitForExitAsync();
            shell = ["runuser", "-u", "postgres", "--", .. shell];
        }

        var start = new ProcessStartInfo(shell[0], shell[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.FullName,
        };
        var server = new PostgresServer(folder, Process.Start(start)!, port);
        await server.WaitAsync();
        return server;
    }

    /// <summary>Makes a database.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateDatabaseAsync() => TestDatabases.CreateAsync(ConnectionString("postgres"));

    /// <summary>Stops the server in order, as a restart does.</summary>
    public Task StopAsync() => TellAsync("stop");

    /// <summary>Stops the server as a crash does.</summary>
    public Task CrashAsync() => TellAsync("crash");

    /// <summary>Starts it again and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        await TellAsync("start");
        await WaitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        NpgsqlConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task TellAsync(string word)
    {
        await _shell.StandardInput.WriteLineAsync(word);
        await _shell.StandardInput.FlushAsync();
        await _shell.StandardOutput.ReadLineAsync();
    }

    private async Task WaitAsync()
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException error) when (clock.Elapsed < Longest && !_shell.HasExited)
            {
                _ = error; // not yet
            }
            catch (NpgsqlException error)
            {
                var log = string.Join('\n', _folder.GetFiles("*.log").Select(file => File.ReadAllText(file.FullName)));
                throw new InvalidOperationException($"PostgreSQL did not start: {log}", error);
            }
        }
    }
}
