namespace LiveClin.Core.Releases;

/// <summary>Something wrong, or worth a warning, in a release's data.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">One-based line; 0 when the whole file is meant.</param>
/// <param name="Field">
/// The field in the line's JSON, for example <c>exam_creation.final_policy.mcqs[2].options</c> (positions count from 0); null when the
/// whole line is meant.
/// </param>
/// <param name="Message">What is wrong and, where that is not obvious, what to do.</param>
public sealed record DataProblem(string File, int Line, string? Field, string Message)
{
    /// <summary>The problem in the form <c>file:line: field: message</c>.</summary>
    public override string ToString() =>
        (Line > 0 ? $"{File}:{Line}: " : $"{File}: ") + (Field is null ? Message : $"{Field}: {Message}");
}
