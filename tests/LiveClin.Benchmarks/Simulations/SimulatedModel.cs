using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Stats.Controls;
using LiveClin.Stats.ResultSets;
using MathNet.Numerics.Distributions;

namespace LiveClin.Benchmarks.Simulations;

/// <summary>
/// Draws benchmarks: cases of three to six questions, each with an ability of its own (beta, so that answers of a case hang together),
/// errors that make further errors likelier, two epochs, and conditions with or without an effect. Cases after the first half are later
/// ones, and harder.
/// </summary>
/// <param name="HasEffects">False where every condition is the published way once more, so that whatever is told is a false alarm.</param>
internal sealed record SimulatedModel(bool HasEffects)
{
    /// <summary>The conditions beside the published one.</summary>
    public static readonly string[] Conditions = ["shuffled:1", "no-images", "no-case", "gold-history"];

    private const double Accuracy = 0.6, Correlation = 0.2, LaterAccuracy = 0.5;
    private const double AfterError = 0.75; // what is left of the ability after an error in the conversation
    private static readonly DateOnly Cutoff = new(2024, 12, 31);

    /// <summary>Draws a benchmark and works its controls out.</summary>
    public ModelControls Draw(int caseCount, int seed)
    {
        var set = DrawSet(caseCount, seed);
        var dates = set.Cases.ToDictionary(each => each.Id, each => IsLater(each, caseCount) ? Cutoff.AddDays(1) : Cutoff,
            StringComparer.Ordinal);
        return ModelControls.Of(set, set.Models[0], set.Models.Skip(1)) with { Recency = RecencyGap.Of(set, set.Models[0], dates, Cutoff) };
    }

    /// <summary>Draws a benchmark and works out its effects alone, which takes a fraction of the time.</summary>
    public IEnumerable<ConditionEffect> DrawEffects(int caseCount, int seed)
    {
        var set = DrawSet(caseCount, seed);
        return EffectBuilder.Build([.. set.Models.Skip(1).Select(model => new ChangedQuestions(set, set.Models[0], model))]);
    }

    private ResultSet DrawSet(int caseCount, int seed)
    {
        var random = new Random(seed);
        var builder = new ResultSetBuilder("simulated");
        var cases = Enumerable.Range(0, caseCount).Select(i => builder.AddCase(CaseOf(i, random.Next(3, 7)))).ToList();
        var abilities = cases.Select(each => Ability(random, IsLater(each, caseCount) ? LaterAccuracy : Accuracy)).ToList();
        var published = builder.AddModel("published");
        Fill(published, cases, abilities, random);
        published.LaterEpochs = [.. cases.SelectMany(each => Conversation(each, abilities[each.Index], random)
            .Select((isRight, i) => new EpochOutcome(2, each.Index, i, isRight ? Outcome.Correct : Outcome.Wrong)))];
        foreach (var condition in Conditions)
        {
            var model = builder.AddModel(condition);
            model.Condition = condition;
            if (HasEffects) FillChanged(model, published, cases, abilities, random);
            else Fill(model, cases, abilities, random);
        }

        return builder.Build();
    }

    private static void Fill(ResultSetBuilder.Draft model, List<CaseFacts> cases, List<double> abilities, Random random)
    {
        foreach (var each in cases)
        {
            var answers = model.Cover(each);
            foreach (var (i, isRight) in Conversation(each, abilities[each.Index], random).Index()) answers[i] = Answer(isRight, random);
        }
    }

    // A part of the answers stays as published, and the others are drawn anew, most of them with less ability; the right history forgets
    // no error.
    private static void FillChanged(ResultSetBuilder.Draft model, ResultSetBuilder.Draft published, List<CaseFacts> cases,
        List<double> abilities, Random random)
    {
        var (kept, left) = model.Condition switch { "shuffled:1" => (0.8, 1.0), "no-images" => (0.7, 0.4), "no-case" => (0.3, 0.5),
            _ => (0.0, 1.0) };
        foreach (var each in cases)
        {
            var (answers, before) = (model.Cover(each), published.Cover(each));
            for (var i = 0; i < answers.Length; i++)
                answers[i] = random.NextDouble() < kept ? before[i] : Answer(random.NextDouble() < left * abilities[each.Index], random);
        }
    }

    private static IEnumerable<bool> Conversation(CaseFacts each, double ability, Random random)
    {
        var hasErred = false;
        for (var i = 0; i < each.Questions.Length; i++)
        {
            var isRight = random.NextDouble() < (hasErred ? AfterError : 1) * ability;
            hasErred |= !isRight;
            yield return isRight;
        }
    }

    private static AnswerFacts Answer(bool isRight, Random random) => isRight
        ? new AnswerFacts(Outcome.Correct, 'A', ExtractionRule.Boxed, true, null, null)
        : new AnswerFacts(Outcome.Wrong, (char)('B' + random.Next(9)), ExtractionRule.Boxed, true, null, null);

    private static double Ability(Random random, double accuracy) =>
        Beta.Sample(random, accuracy * ((1 / Correlation) - 1), (1 - accuracy) * ((1 / Correlation) - 1));

    private static bool IsLater(CaseFacts each, int caseCount) => each.Index >= caseCount / 2;

    private static CaseFacts CaseOf(int index, int questions) => new()
    {
        Id = $"{index}", FileName = $"PMC{index}.json",
        Questions = [.. Enumerable.Range(0, questions)
            .Select(i => new QuestionFacts { Index = i, Key = "A", Letters = [.. "ABCDEFGHIJ".Select(letter => $"{letter}")] })],
    };
}
