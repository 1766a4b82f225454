using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>--store</c>, alike for all commands.</summary>
internal static class StoreOption
{
    /// <summary>Where a command can take its results from elsewhere.</summary>
    /// <param name="more">What else is to be said of it.</param>
    public static Option<string?> Optional(string more = "") => new Option<string?>("--store")
    {
        Description = "A result store, an SQLite file or a PostgreSQL database; only read." + more, HelpName = StoreLocation.Help,
    }.CheckArguments(StoreLocation.FindProblem);

    /// <summary>Where there is nothing else: needed, unless the environment names a database.</summary>
    public static Option<string> Needed()
    {
        var known = Environment.GetEnvironmentVariable(StoreLocation.Variable) is { Length: > 0 } database ? database : null;
        var option = new Option<string>("--store")
        {
            Description = $"The result store, an SQLite file or a PostgreSQL database; only read. Otherwise {StoreLocation.Variable}.",
            HelpName = StoreLocation.Help, Required = known is null,
        };
        if (known is not null) option.DefaultValueFactory = _ => known;
        return option.CheckArguments(StoreLocation.FindProblem);
    }
}
