using System.CommandLine;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Where results are kept unless said otherwise, below the current folder.</summary>
    public static string DefaultStore { get; } = Path.Combine("results", "liveclin.db");

    public static Option<string> Store() => new("--store")
    {
        Description = "The result store, an SQLite file.",
        HelpName = "FILE.db",
        DefaultValueFactory = _ => DefaultStore,
    };

    public static Option<string?> DataDirectory() => new("--data-dir")
    {
        Description = "Folder in which releases are looked for; data/ here or above unless given.",
        HelpName = "DIR",
    };

    public static Option<string> Run() => new("--run")
    {
        Description = "The run: its identifier, or an unambiguous beginning of it.",
        HelpName = "ID",
        Required = true,
    };
}
