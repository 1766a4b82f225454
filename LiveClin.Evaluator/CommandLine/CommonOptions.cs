using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>One for all: every command takes it, so that scripts can name the store in the same way everywhere.</summary>
    public static Option<string> Store { get; } = new Option<string>("--store")
    {
        Recursive = true,
        Description = $"The result store: an SQLite file, or a PostgreSQL database as postgresql://user@host/database; otherwise {StoreLocation.Variable}, or the file.",
        HelpName = StoreLocation.Help,
        DefaultValueFactory = _ => StoreLocation.DefaultOr(EvaluatorOptions.DefaultStore),
    }.CheckArguments(StoreLocation.FindProblem);

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
