using System.Collections.Immutable;
using LiveClin.Core.Text;

namespace LiveClin.Core.Releases;

/// <summary>Collects the errors and warnings of one file, each list up to a limit.</summary>
internal sealed class ProblemList(string file)
{
    private readonly ImmutableArray<DataProblem>.Builder _errors = ImmutableArray.CreateBuilder<DataProblem>();
    private readonly ImmutableArray<DataProblem>.Builder _warnings = ImmutableArray.CreateBuilder<DataProblem>();

    public int ErrorCount { get; private set; }

    public int WarningCount { get; private set; }

    public ImmutableArray<DataProblem> Warnings => _warnings.ToImmutable();

    public void Error(int line, string? field, string message)
    {
        ErrorCount++;
        if (_errors.Count < ReleaseReader.MaxProblems) _errors.Add(Problem(line, field, message));
    }

    public void Warn(int line, string? field, string message)
    {
        WarningCount++;
        if (_warnings.Count < ReleaseReader.MaxProblems) _warnings.Add(Problem(line, field, message));
    }

    public void ThrowIfAny()
    {
        if (ErrorCount > 0) throw new ReleaseException(_errors.ToImmutable(), ErrorCount) { Warnings = Warnings };
    }

    private DataProblem Problem(int line, string? field, string message) =>
        new(file, line, field is null ? null : ShownText.Line(field), ShownText.Line(message));
}
