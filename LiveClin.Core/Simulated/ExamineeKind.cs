using System.Collections.Immutable;

namespace LiveClin.Core.Simulated;

/// <summary>A way of being right and wrong whose truth is known exactly.</summary>
/// <param name="Name">The part of an examinee's name before its percentage.</param>
/// <param name="Describe">Says in words what an examinee of a percentage does.</param>
/// <param name="Answer">The letter that it gives when asked.</param>
internal sealed record ExamineeKind(string Name, Func<int, string> Describe, Func<Sitting, int, string> Answer)
{
    /// <summary>True when chance decides each time that it is asked.</summary>
    public bool IsDrawn { get; private init; }

    // Preferred by an examinee with a habit: neither the letter that first-guess says nor one that questions with few options lack.
    private const string Habit = "B";

    /// <summary>All kinds; another one is another row.</summary>
    public static ImmutableArray<ExamineeKind> All { get; } =
    [
        new("knows", percent => $"knows {percent} % of the questions and is wrong on the others",
            (asked, percent) => asked.IsWithin(percent) ? asked.Right : asked.Wrong),
        new("first-guess", percent => $"knows {percent} % of the questions and says the first letter on the others",
            (asked, percent) => asked.IsWithin(percent) ? asked.Right : asked.First),
        new("forgetful", percent => $"knows {percent} % of the questions, and half as many once it has made an error in the conversation",
            (asked, percent) => asked.IsWithin(percent, asked.HasErred() ? 2 : 1) ? asked.Right : asked.Wrong),
        new("sighted", percent => $"knows {percent} % of the questions, those with figures only when it is shown the true figures",
            (asked, percent) => asked.IsWithin(percent) && asked.SeesFigures() ? asked.Right : asked.Wrong),
        new("blind", percent => $"knows {percent} % of the questions whether it is shown their figures or not",
            (asked, percent) => asked.IsWithin(percent) ? asked.Right : asked.Wrong),
        new("position", percent => $"knows {percent} % of the questions and says {Habit} on the others",
            (asked, percent) => asked.IsWithin(percent) ? asked.Right : asked.Offered(Habit)),
        new("memorised", percent =>
            $"remembers the published letter of {percent} % of the questions, wherever that option stands now, and is wrong on the others",
            (asked, percent) => asked.IsWithin(percent) ? asked.Question.Key : asked.Wrong),
        new("phrase", percent =>
            $"recognises the right option's words in {percent} % of the questions, asked or not, and is wrong on the others",
            (asked, percent) => asked.IsWithin(percent) && asked.IsKeyInItsWords ? asked.Right : asked.Wrong),
        new("noisy", percent => $"is right on every question with a probability of {percent} %, anew in each epoch",
            (asked, percent) => asked.Draws(percent) ? asked.Right : asked.Wrong) { IsDrawn = true },
    ];
}
