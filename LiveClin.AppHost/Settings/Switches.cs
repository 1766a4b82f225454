using System.CommandLine;
using System.Globalization;

namespace LiveClin.AppHost.Settings;

/// <summary>The command line: our own switches, and the rest, which is the hosting library's.</summary>
internal sealed record Switches
{
    public string? SettingsFile { get; init; }

    public IReadOnlyList<string>? Models { get; init; }

    public string? Dataset { get; init; }

    public string? ImageRoot { get; init; }

    public string? Results { get; init; }

    public string? Store { get; init; }

    public int? Concurrency { get; init; }

    public int? Limit { get; init; }

    public string? Shard { get; init; }

    public IReadOnlyList<string>? Conditions { get; init; }

    public int? Epochs { get; init; }

    public bool Fresh { get; init; }

    public bool RetryFiltered { get; init; }

    public bool CaptureMessages { get; init; }

    public bool ExitWhenDone { get; init; }

    /// <summary>What is handed to the hosting library.</summary>
    public string[] Rest { get; init; } = [];

    // Aspire's own switches, and anything that is a configuration key such as --LiveClin:Limit=5.
    private static readonly string[] HostingSwitches = ["--operation", "--publisher", "--step", "--output-path", "--log-level",
        "--include-exception-details", "--yes", "--dcp-cli-path", "--dcp-dashboard-path", "--dcp-container-runtime",
        "--dcp-dependency-check-timeout", "--environment", "--deploy", "--clear-cache"];

    /// <summary>Parses the command line. An exit code instead of switches: help was shown, or something was wrong and was said.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="commands">What can be done instead of a sweep; each does it while it is parsed.</param>
    public static (Switches? Switches, int ExitCode) Parse(string[] args, params Command[] commands)
    {
        var settings = new Option<string?>("--settings") { Description = "Settings on top of appsettings.json.", HelpName = "FILE.json" };
        var models = new Option<string?>("--models")
        {
            Description = "Only these models of the settings, by name, separated by commas.",
            HelpName = "NAME,…",
        };
        var dataset = new Option<string?>("--dataset")
        {
            Description = "The release: its name, or the path of its JSONL file.",
            HelpName = "NAME|PATH.jsonl",
        };
        var imageRoot = new Option<string?>("--image-root")
        {
            Description = "Folder below which the release's images lie.",
            HelpName = "DIR",
        };
        var results = new Option<string?>("--results")
        {
            Description = "Folder for the result store, summaries and logs.",
            HelpName = "DIR",
        };
        var store = new Option<string?>("--store") 
        {
            Description = "The result store: an SQLite file, a PostgreSQL database (postgresql://user@host/database), or container; otherwise liveclin.db in the results folder.",
            HelpName = "FILE.db|postgres://…|container",
        };
        var concurrency = Number("--concurrency", "Conversations at a time.");
        var limit = Number("--limit", "Only the first N cases.");
        var shard = new Option<string?>("--shard")
        {
            Description = "Only the cases of one of N equal parts, in a store of its own; the evaluator's merge joins them. auto: of a Slurm array's task; auto/N: of an indexed Kubernetes job.",
            HelpName = "I/N|auto|auto/N",
        };
        var conditions = new Option<string?>("--conditions")
        {
            Description = "Ask every model under these conditions, separated by commas; standard is a set of them. published unless given.",
            HelpName = "NAME,…",
        };
        var epochs = Number("--epochs", "Ask every case so many times, in conversations of their own.");
        var fresh = new Option<bool>("--fresh")
        {
            Description = "Begin other runs; otherwise those in the store go on, and nothing is asked twice.",
        };
        var retryFiltered = new Option<bool>("--retry-filtered")
        {
            Description = "Ask those questions again, too, that a filter refused, that were truncated or refused without text, or that the server was lost at.",
        };
        var resume = new Option<bool>("--resume") { Description = "Accepted for compatibility: this is what happens anyway." };
        var capture = new Option<bool>("--capture-messages")
        {
            Description = "Show prompts and replies in the traces: text only, never images.",
        };
        var exit = new Option<bool>("--exit-when-done")
        {
            Description = "End after the sweep: 0 all questions answered, 1 some failed, 2 settings or data wrong.",
        };
        var root = new RootCommand(
            "Starts the stack (evaluator, statistics, dashboard, model servers) and evaluates the configured models.")
        {
            settings, models, dataset, imageRoot, results, store, concurrency, limit, shard, conditions, epochs, fresh, retryFiltered,
            resume, capture, exit,
        };
        root.TreatUnmatchedTokensAsErrors = false;
        foreach (var command in commands) root.Subcommands.Add(command);
        Switches? switches = null;
        root.SetAction(parsed => switches = new Switches
        {
            SettingsFile = parsed.GetValue(settings),
            Models = parsed.GetValue(models)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Dataset = parsed.GetValue(dataset),
            ImageRoot = parsed.GetValue(imageRoot),
            Results = parsed.GetValue(results),
            Store = parsed.GetValue(store),
            Concurrency = parsed.GetValue(concurrency),
            Limit = parsed.GetValue(limit),
            Shard = parsed.GetValue(shard),
            Conditions = parsed.GetValue(conditions)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Epochs = parsed.GetValue(epochs),
            Fresh = parsed.GetValue(fresh),
            RetryFiltered = parsed.GetValue(retryFiltered),
            CaptureMessages = parsed.GetValue(capture),
            ExitWhenDone = parsed.GetValue(exit),
            Rest = [.. parsed.UnmatchedTokens],
        });
        var result = root.Parse(args);
        var unknown = Unknown(result.UnmatchedTokens);
        if (result.Errors.Count > 0 || unknown.Count > 0)
        {
            foreach (var error in result.Errors.Select(e => e.Message).Concat(unknown)) Console.Error.WriteLine(error);
            Console.Error.WriteLine("--help shows all switches.");
            return (null, ExitCodes.Invalid);
        }

        var code = result.Invoke();
        return (switches, code);
    }

    private static Option<int?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)) return number;
            result.AddError($"{name}: '{text}' is not a whole number.");
            return null;
        },
    };

    private static List<string> Unknown(IReadOnlyList<string> tokens)
    {
        var unknown = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var name = tokens[i].Split('=')[0];
            var isHosting = HostingSwitches.Contains(name)
                || (name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal));
            if (!isHosting) unknown.Add($"{tokens[i]}: there is no such switch.");
            else if (!tokens[i].Contains('=', StringComparison.Ordinal)) i++; // its value
        }

        return unknown;
    }
}

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>All questions were answered.</summary>
    public const int Success = 0;

    /// <summary>Some were not.</summary>
    public const int SomeFailed = 1;

    /// <summary>Settings or data are wrong.</summary>
    public const int Invalid = 2;

    /// <summary>Interrupted before the sweep was done.</summary>
    public const int Interrupted = 130;
}
