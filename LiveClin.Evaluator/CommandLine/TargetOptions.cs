using System.CommandLine;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The options that say how much of a release is asked.</summary>
internal sealed class TargetOptions
{
    private readonly Option<int?> _limit = new("--limit") { Description = "Only the first N cases.", HelpName = "N" };

    private readonly Option<int?> _sample = new("--sample")
    {
        Description = "Only a sample of N cases, each chapter by its share; a larger one contains every smaller one.", HelpName = "N",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Only the cases of one of N equal parts, in a store of its own; 'merge' joins them. auto takes I and N from a Slurm array's "
            + "task, auto/N takes I from an indexed Kubernetes job.",
        HelpName = "I/N|auto|auto/N",
    };

    private readonly Option<int> _epochs = new("--epochs")
    {
        Description = "Ask every case so many times, in conversations of their own; more than before asks only what is missing.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_limit, _sample, _shard, _epochs]) command.Options.Add(option);
        foreach (var cases in (Option<int?>[])[_limit, _sample])
            cases.Check(number => number < 1 ? $"{cases.Name} must be at least 1." : null);
        _epochs.Check(epochs => epochs < 1 ? $"{_epochs.Name} must be at least 1."
            : epochs > RunTarget.LargestEpoch ? $"{_epochs.Name} must be at most {RunTarget.LargestEpoch}." : null);
    }

    /// <summary>The cases and epochs that are wanted.</summary>
    /// <exception cref="CommandException">They contradict each other, or the environment names no part.</exception>
    public RunTarget Read(ParseResult parsed)
    {
        var target = ReadCases(parsed);
        if (parsed.GetValue(_shard) is not { } shard) return target;
        try
        {
            return target.Of(Shard.Resolve(shard, Environment.GetEnvironmentVariable));
        }
        catch (FormatException error)
        {
            throw new CommandException($"--shard: {error.Message}");
        }
    }

    private RunTarget ReadCases(ParseResult parsed) => (parsed.GetValue(_limit), parsed.GetValue(_sample)) switch
    {
        ({ }, { }) => throw new CommandException("--limit and --sample exclude each other: give one of them."),
        (null, { } sample) => RunTarget.OfSample(sample, parsed.GetValue(_epochs)),
        var (limit, _) => RunTarget.Of(limit, parsed.GetValue(_epochs)),
    };
}
