using System.Collections.Immutable;
using LiveClin.Core.Floors;
using LiveClin.Core.Simulated;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Floors;

/// <summary>
/// What a set's release gives away without medicine, computed from its keys and options alone: the best constant letter (a tie goes to
/// the first), the longest option, the option that shares most words with scenario and question, and a uniform guess. No run of a
/// baseline is needed; such runs count as floors only where the source holds no texts to compute from.
/// </summary>
/// <param name="All">The floors, in the order above; empty without questions.</param>
/// <param name="Best">The one with the highest question accuracy; null without questions.</param>
public sealed record ReleaseFloors(ImmutableArray<ReleaseFloor> All, ReleaseFloor? Best)
{
    /// <summary>What guessing uniformly among the options is called.</summary>
    public const string Guess = "guess";

    // A random letter is what a uniform guess is expected to score, with the noise of one draw.
    private static readonly string[] Shown = ["longest-option", "overlap"];

    /// <summary>The floors of a set's release.</summary>
    // Of a choice of models they are those of the whole set, unless runs of baselines have to stand in for texts.
    public static ReleaseFloors Of(ResultSet set) => set.Whole is { } whole && Of(whole).AreOfTexts ? Of(whole) : set.Once(Compute);

    private bool AreOfTexts { get; init; }

    private static ReleaseFloors Compute(ResultSet set)
    {
        // What is damaged has no options to look at, and perhaps no keys.
        var questions = set.Cases.Where(ReleaseFloor.Counts).SelectMany(clinicalCase => clinicalCase.Questions).ToList();
        if (questions.Count == 0) return new ReleaseFloors([], null);
        // MaxBy keeps the first of equals.
        var constant = Floor.Constant.MaxBy(floor => questions.Count(question => question.Key == floor.Choose(Nothing)))!;
        var floors = new List<ReleaseFloor> { Make(constant.Name, question => question.Key == constant.Choose(Nothing) ? 1 : 0) };
        var areTextsKnown = questions.TrueForAll(question => Shown.All(question.FloorLetters.ContainsKey));
        if (areTextsKnown)
            floors.AddRange(Shown.Select(name => Make(name, question => question.FloorLetters[name] == question.Key ? 1 : 0)));
        if (questions.TrueForAll(question => !question.Letters.IsEmpty)) floors.Add(Make(Guess, question => 1.0 / question.Letters.Length));
        if (!areTextsKnown) floors.AddRange(set.Models.Where(IsAskedFloor).Select(Ran));
        return new ReleaseFloors([.. floors], floors.MaxBy(floor => floor.QuestionAccuracy)) { AreOfTexts = areTextsKnown };

        ReleaseFloor Make(string name, Func<QuestionFacts, double> chance) => new(name, set.Cases,
            [.. set.Cases.SelectMany(clinicalCase => clinicalCase.Questions.Select(
                question => ReleaseFloor.Counts(clinicalCase) ? chance(question) : 0))]);

        ReleaseFloor Ran(ModelResults model) =>
            new(model.Model, set.Cases, [.. model.Answers.Select(answer => answer.IsCorrect ? 1.0 : 0)]);
    }

    private static readonly FloorQuestion Nothing = new("", "", []);

    private static bool IsAskedFloor(ModelResults model) => model.Kind == ModelKind.Floor && model.Answers.Any(answer => answer.HasReply);
}
