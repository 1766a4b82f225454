using System.Collections.Immutable;
using System.Text;

namespace LiveClin.Core.Releases;

/// <summary>A release that cannot be evaluated: all of its problems at once.</summary>
public class ReleaseException : Exception
{
    private const int ShownInMessage = 20;

    /// <summary>A problem with a release as a whole.</summary>
    public ReleaseException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>Problems in a release's data.</summary>
    /// <param name="problems">The problems, at least one.</param>
    /// <param name="total">How many there are, when more than listed.</param>
    public ReleaseException(ImmutableArray<DataProblem> problems, int total) : base(Describe(problems, total))
    {
        Problems = problems;
        TotalProblems = total;
    }

    /// <summary>
    /// The problems in file order, at most <see cref="ReleaseReader.MaxProblems"/>; empty when the release could not be found or
    /// unpacked.
    /// </summary>
    public ImmutableArray<DataProblem> Problems { get; } = [];

    /// <summary>What is worth knowing beside the problems, at most as many.</summary>
    public ImmutableArray<DataProblem> Warnings { get; init; } = [];

    /// <summary>How many problems there are, the ones beyond the list included.</summary>
    public int TotalProblems { get; }

    private static string Describe(ImmutableArray<DataProblem> problems, int total)
    {
        if (total == 1) return problems[0].ToString();
        var text = new StringBuilder($"{total} problems in the release:");
        foreach (var problem in problems.Take(ShownInMessage)) text.Append('\n').Append(problem);
        if (total > ShownInMessage) text.Append($"\n… and {total - ShownInMessage} more.");
        return text.ToString();
    }
}

/// <summary>No release of the wanted name or path exists, or several fit.</summary>
public sealed class ReleaseNotFoundException(string message) : ReleaseException(message);
