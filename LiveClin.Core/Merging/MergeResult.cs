namespace LiveClin.Core.Merging;

/// <summary>What a merge changed.</summary>
/// <param name="RunsAdded">Runs that the target did not have.</param>
/// <param name="RunsExtended">Runs of the target that gained conversations.</param>
/// <param name="Conversations">Conversations taken over.</param>
/// <param name="Conflicts">Conversations that the target holds with other replies; the target's stay.</param>
public sealed record MergeResult(int RunsAdded, int RunsExtended, int Conversations, IReadOnlyList<MergeConflict> Conflicts)
{
    /// <summary>What is damaged, and keeps a run from being taken over; one sentence each, of each run the first.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];

    /// <summary>Nothing was changed.</summary>
    public static MergeResult Nothing { get; } = new(0, 0, 0, []);

    /// <summary>Both together.</summary>
    public static MergeResult operator +(MergeResult first, MergeResult second) => new(
        first.RunsAdded + second.RunsAdded, first.RunsExtended + second.RunsExtended, first.Conversations + second.Conversations,
        [.. first.Conflicts, .. second.Conflicts])
    {
        Damaged = [.. first.Damaged, .. second.Damaged],
    };
}

/// <summary>Two stores hold different replies to one question of one identity, case and epoch.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="TargetRun">The run whose reply stays.</param>
/// <param name="SourceRun">The run whose conversation was left out.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="CaseOrdinal">Position of the case.</param>
/// <param name="QuestionIndex">The first question that differs.</param>
public sealed record MergeConflict(string Model, string TargetRun, string SourceRun, int Epoch, int CaseOrdinal, int QuestionIndex);
