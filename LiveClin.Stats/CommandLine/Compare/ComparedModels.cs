using System.CommandLine;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.CommandLine.Compare;

/// <summary>The two models that <c>compare</c> was asked for, and the set that they are in.</summary>
internal sealed record ComparedModels(ResultSet Set, ModelResults Baseline, ModelResults Candidate)
{
    /// <summary>Finds both; in a store also runs that are not the newest of their model, by their identifiers.</summary>
    /// <exception cref="ModelChoiceException">A name means nothing or several, or both mean the same run.</exception>
    public static ComparedModels Choose(
        SourceOptions source, ParseResult parsed, string baseline, string candidate, CancellationToken cancellationToken)
    {
        var set = source.Load(parsed, cancellationToken);
        try
        {
            return In(set, baseline, candidate, source.NamesakeRuns(parsed, set, baseline));
        }
        catch (ModelChoiceException unknown) when (unknown.IsUnknown && source.IsStore(parsed))
        {
            var (first, second) = (source.FindRun(parsed, set, baseline), source.FindRun(parsed, set, candidate));
            set = source.LoadRuns(parsed, first == second ? [first] : [first, second], cancellationToken);
            return In(set, first, second, source.NamesakeRuns(parsed, set, first));
        }
    }

    private static ComparedModels In(ResultSet set, string baseline, string candidate, IReadOnlyList<string> namesakes)
    {
        var (one, other) = (ModelChoice.Find(set, baseline), ModelChoice.Find(set, candidate));
        if (!ReferenceEquals(one, other)) return new ComparedModels(set, one, other);
        var run = one.RunId is { } id ? $", run {id}" : "";
        var others = namesakes.Count > 1
            ? $"These runs have that name: {string.Join(", ", namesakes)}; name two of them."
            : "Name two different ones.";
        throw new ModelChoiceException($"--baseline {baseline} and --candidate {candidate} mean the same results{run}. {others}");
    }
}
