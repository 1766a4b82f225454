using System.CommandLine;
using LiveClin.Core.Exchange;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Which runs of the store a command is about; all that <c>runs list</c> shows unless something is said.</summary>
internal sealed class ExportSelection
{
    private readonly Option<string[]> _runs = new("--run")
    {
        Description = "These runs: their identifiers, or unambiguous beginnings of them. Without any selection: all that 'runs list' shows.",
        HelpName = "ID",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _models = new("--models")
    {
        Description = "Only these models, by name or label, separated by commas.", HelpName = "a,b", DefaultValueFactory = _ => "",
    };
    private readonly Option<string?> _release = new("--release")
    {
        Description = "Only runs on this release, by name or SHA-256.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _condition = new("--condition") { Description = "Only runs under this condition.", HelpName = "NAME" };
    private readonly Option<string?> _tag = new("--tag") { Description = "Only runs with this tag.", HelpName = "TAG" };
    private readonly Option<bool> _all = new("--all") { Description = "Hidden and superseded runs, too." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _runs, _models, _release, _condition, _tag, _all }) command.Options.Add(option);
    }

    public RunFilter Read(ParseResult parsed) => new()
    {
        Ids = parsed.GetValue(_runs) ?? [],
        Models = parsed.GetValue(_models)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        Release = parsed.GetValue(_release),
        Condition = parsed.GetValue(_condition),
        Tag = parsed.GetValue(_tag),
        IncludesAll = parsed.GetValue(_all),
    };
}
