using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Runs;

/// <summary>A run, as far as its controls need to know it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Label">What it is called beside others.</param>
/// <param name="IsChosen">Whether a person chose it to stand for its model and setting.</param>
/// <param name="IsHidden">Whether a person took it off the leaderboard.</param>
/// <param name="IsActive">Whether it is under way.</param>
/// <param name="Answers">Questions with an outcome.</param>
/// <param name="Name">What people call its model and setting; empty without a name.</param>
/// <param name="Tags">Words that people gave it.</param>
public sealed record ManagedRun(
    string Id, string Label, bool IsChosen, bool IsHidden, bool IsActive, int Answers, string Name, IReadOnlyList<string> Tags)
{
    /// <summary>A run of the evaluator.</summary>
    internal static ManagedRun Of(Run run) =>
        new(run.Id, RunText.Label(run), run.Chosen, run.Hidden, run.Active, run.Progress?.QuestionsDone ?? 0, run.Name, [.. run.Tags]);
}
