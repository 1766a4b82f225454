using System.Collections.Immutable;
using LiveClin.Stats.Floors;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>Floors in the contract's form.</summary>
internal static class FloorMapping
{
    public static Floor ToMessage(ReleaseFloor floor) => new()
    {
        Name = floor.Name,
        QuestionAccuracy = floor.QuestionAccuracy,
        CaseAccuracy = floor.CaseAccuracy,
        BalancedAccuracy = floor.BalancedAccuracy,
    };

    /// <summary>A model's check; null where it has none.</summary>
    public static V1.FloorCheck? CheckOf(ImmutableDictionary<string, Floors.FloorCheck> checks, string model) =>
        checks.TryGetValue(model, out var check) ? ToMessage(check) : null;

    public static V1.FloorCheck ToMessage(Floors.FloorCheck check)
    {
        var message = new V1.FloorCheck
        {
            Model = check.Model,
            Floor = check.Floor.Name,
            Interval = check.Difference.Interval().ToMessage(),
            Letter = $"{check.Letter}",
            LetterShare = check.LetterShare.ToMessage(),
            Above = check.IsAbove,
            Statement = check.Statement,
        };
        if (double.IsFinite(check.Difference.Difference)) message.Difference = check.Difference.Difference;
        return message;
    }
}
