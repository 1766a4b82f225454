using System.CommandLine;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>One for all: every command takes it, so that scripts can name the store in the same way everywhere.</summary>
    public static Option<string> Store { get; } = new("--store")
    {
        Recursive = true,
        Description = "The result store, an SQLite file.",
        HelpName = "FILE.db",
        DefaultValueFactory = _ => EvaluatorOptions.DefaultStore,
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
