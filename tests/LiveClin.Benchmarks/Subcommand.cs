using System.Text.RegularExpressions;

namespace LiveClin.Benchmarks;

/// <summary>
/// A benchmark by its name. Its options are those that its usage names; any other is refused before hours are spent without it.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Options">The options, as the help shows them.</param>
/// <param name="Description">What is measured; further lines say what options do.</param>
/// <param name="RunAsync">Runs it with what follows the name.</param>
internal sealed partial record Subcommand(string Name, string Options, string Description, Func<string[], Task<int>> RunAsync)
{
    private const int Column = 25;

    /// <summary>True for a part that another benchmark starts: its arguments are that one's business.</summary>
    public bool IsInner { get; init; }

    /// <summary>Its lines of the help.</summary>
    public IEnumerable<string> Help()
    {
        var lead = $"  {Name} {Options}".TrimEnd();
        var lines = Description.Split('\n');
        var fits = lead.Length < Column;
        yield return fits ? lead.PadRight(Column) + lines[0] : lead;
        foreach (var line in lines.Skip(fits ? 1 : 0)) yield return new string(' ', Column) + line;
    }

    /// <summary>Runs it, or says how it is run.</summary>
    public async Task<int> InvokeAsync(string[] arguments)
    {
        if (IsInner) return await RunAsync(arguments);
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?"))
        {
            foreach (var line in Help()) Console.WriteLine(line);
            return 0;
        }

        var known = Option().Matches(Options).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        if (arguments.FirstOrDefault(argument => argument.StartsWith('-') && !known.Contains(argument)) is not { } unknown)
            return await RunAsync(arguments);
        Console.Error.WriteLine($"{unknown}: {Name} has no such option.");
        foreach (var line in Help()) Console.Error.WriteLine(line);
        return 2;
    }

    [GeneratedRegex("--[a-z][a-z-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Option();
}
