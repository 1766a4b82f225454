using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Floors;

/// <summary>What a way of answering that needs no medicine scores on a set's cases.</summary>
public sealed record ReleaseFloor
{
    private readonly ImmutableArray<double> _chances;

    /// <summary>Computes the scores.</summary>
    /// <param name="name">Its name, for example <c>always-A</c>.</param>
    /// <param name="cases">The set's cases.</param>
    /// <param name="chances">By position of the question in the set: the chance that it is right; 0 or 1 but for a guess.</param>
    internal ReleaseFloor(string name, ImmutableArray<CaseFacts> cases, ImmutableArray<double> chances)
    {
        (Name, _chances) = (name, chances);
        var asked = cases.Where(Counts).ToList();
        var questions = asked.SelectMany(clinicalCase => clinicalCase.Questions.Select(
            (question, i) => (question.Key, Chance: chances[clinicalCase.FirstQuestion + i]))).ToList();
        Questions = questions.Count;
        Cases = asked.Count;
        QuestionAccuracy = questions.Select(question => question.Chance).DefaultIfEmpty(double.NaN).Average();
        CaseAccuracy = asked.Select(WholeCase).DefaultIfEmpty(double.NaN).Average();
        BalancedAccuracy = questions.GroupBy(question => question.Key, StringComparer.Ordinal)
            .Select(sameKey => sameKey.Average(question => question.Chance)).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>True for a case whose questions it can be compared on: one that has some, and is not damaged.</summary>
    internal static bool Counts(CaseFacts clinicalCase) => clinicalCase is { Questions.Length: > 0, IsDamaged: false };

    /// <summary>Its name: <c>always-A</c>, <c>longest-option</c>, <c>overlap</c>, <c>guess</c>.</summary>
    public string Name { get; }

    /// <summary>All questions.</summary>
    public int Questions { get; }

    /// <summary>All cases.</summary>
    public int Cases { get; }

    /// <summary>Share of questions that it gets right, 0 to 1; of a guess the expected one.</summary>
    public double QuestionAccuracy { get; }

    /// <summary>Share of cases of which it gets every question right, likewise.</summary>
    public double CaseAccuracy { get; }

    /// <summary>Question accuracy with every key letter counted alike.</summary>
    public double BalancedAccuracy { get; }

    /// <summary>Questions of a case that it gets right, or is expected to.</summary>
    internal double RightIn(CaseFacts clinicalCase) =>
        clinicalCase.Questions.Select((_, i) => _chances[clinicalCase.FirstQuestion + i]).Sum();

    // A guess at one question tells nothing of the next.
    private double WholeCase(CaseFacts clinicalCase) =>
        clinicalCase.Questions.Select((_, i) => _chances[clinicalCase.FirstQuestion + i])
            .Aggregate(1.0, (product, chance) => product * chance);

    /// <summary>always-A, 73.9 %.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}, {QuestionAccuracy * 100:0.0} %");
}
