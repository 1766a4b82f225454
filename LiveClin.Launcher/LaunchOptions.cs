using System.Globalization;

namespace LiveClin.Launcher;

/// <summary>What to launch, and how it is to end.</summary>
/// <param name="Mark">Names the server, as <c>host.resource</c>; every process of it carries the mark in its environment.</param>
/// <param name="StopTimeout">From SIGTERM to SIGKILL.</param>
/// <param name="AppHost">The process without which the server has no purpose; 0 for none.</param>
/// <param name="LogFile">Where all that the server says is kept too; null for nowhere.</param>
/// <param name="Program">The server's program: a path, or a name on PATH.</param>
/// <param name="Arguments">Its arguments, as they are.</param>
internal sealed record LaunchOptions(
    string Mark, TimeSpan StopTimeout, int AppHost, string? LogFile, string Program, IReadOnlyList<string> Arguments)
{
    public const string MarkOption = "--mark";
    public const string StopTimeoutOption = "--stop-timeout";
    public const string AppHostOption = "--app-host";
    public const string LogOption = "--log";
    public const string Separator = "--";

    public static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(30);

    public const string Help = """
        Runs a model server and ends its whole process tree for certain.

        Usage: LiveClin.Launcher [options] -- PROGRAM [ARGUMENT…]

          --mark NAME          names the server; a second start under one name waits for the end of the first
          --stop-timeout S     seconds from SIGTERM to SIGKILL (default 30)
          --app-host PID       ends the server, within 8 s, when this process is gone
          --log FILE           keeps the server's output there too
          -h, --help           this text

        SIGTERM  the server is asked to end; the launcher answers within 5 s, and what takes longer goes on without it
        SIGUSR1, SIGINT, SIGHUP, SIGQUIT  the same, but the launcher stays until the end
        Exit code: the server's; 128 + n when signal n ended it; 143 when the launcher left before the end;
        127 when the program was not found; 2 for wrong options.
        """;

    /// <summary>Reads a command line.</summary>
    /// <returns>The options, or what is wrong with them.</returns>
    public static (LaunchOptions? Options, string? Problem) Parse(IReadOnlyList<string> args)
    {
        var options = new LaunchOptions($"{Environment.ProcessId}", DefaultStopTimeout, 0, null, "", []);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (args[i] == Separator)
                return i + 1 < args.Count ? (options with { Program = args[i + 1], Arguments = [.. args.Skip(i + 2)] }, null)
                    : (null, "After -- the program to start is missing.");
            if (i + 1 == args.Count) break;
            switch (args[i])
            {
                case MarkOption when args[i + 1].Length > 0:
                    options = options with { Mark = args[i + 1] };
                    break;
                case StopTimeoutOption when double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                    && seconds is >= 0 and < 1e6:
                    options = options with { StopTimeout = TimeSpan.FromSeconds(seconds) };
                    break;
                case AppHostOption when int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid):
                    options = options with { AppHost = pid };
                    break;
                case LogOption when args[i + 1].Length > 0:
                    options = options with { LogFile = args[i + 1] };
                    break;
                default:
                    return (null, $"'{args[i]} {args[i + 1]}' is not understood; --help shows the options.");
            }
        }

        return (null, "The program to start is missing: LiveClin.Launcher [options] -- PROGRAM [ARGUMENT…]");
    }

    /// <summary>The command line that <see cref="Parse"/> reads; without the program, up to and with the separator.</summary>
    public IEnumerable<string> ToArguments() =>
    [
        MarkOption, Mark,
        StopTimeoutOption, StopTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        AppHostOption, AppHost.ToString(CultureInfo.InvariantCulture),
        .. LogFile is null ? Array.Empty<string>() : [LogOption, LogFile],
        Separator,
    ];
}
