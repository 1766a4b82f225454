using LiveClin.Core.Answers;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Tests;

/// <summary>Sets of simulated results with known truth.</summary>
internal static class SyntheticSets
{
    /// <summary>
    /// Cases with the given numbers of questions, and models with the given correct questions in each (the first ones of the case).
    /// </summary>
    public static ResultSet Counts(int[] questions, params (string Model, int?[] Correct)[] models)
    {
        var builder = new ResultSetBuilder("synthetic");
        var cases = questions.Select((count, index) => builder.AddCase(Case(index, count))).ToList();
        foreach (var (name, correct) in models)
        {
            var model = builder.AddModel(name);
            foreach (var @case in cases)
            {
                if (correct[@case.Index] is not { } right) continue;
                var answers = model.Cover(@case);
                for (var i = 0; i < answers.Length; i++) answers[i] = Answer(i < right);
            }
        }

        return builder.Build();
    }

    /// <summary>
    /// Models of given accuracy on cases of 3–6 questions whose answers hang together: each case pulls all of its questions up or down by
    /// a common draw (beta-binomial, so that the intra-case correlation is exactly <paramref name="correlation"/>).
    /// </summary>
    public static ResultSet Simulated(int cases, double correlation, int seed, params double[] accuracies)
    {
        var random = new Random(seed);
        var builder = new ResultSetBuilder("simulated");
        var placed = Enumerable.Range(0, cases).Select(i => builder.AddCase(Case(i, 3 + random.Next(4)))).ToList();
        foreach (var (index, accuracy) in accuracies.Index())
        {
            var model = builder.AddModel($"m{index}");
            foreach (var @case in placed)
            {
                var p = correlation > 0
                    ? MathNet.Numerics.Distributions.Beta.Sample(random, accuracy * ((1 / correlation) - 1),
                    (1 - accuracy) * ((1 / correlation) - 1)) : accuracy;
                var answers = model.Cover(@case);
                for (var i = 0; i < answers.Length; i++) answers[i] = Answer(random.NextDouble() < p);
            }
        }

        return builder.Build();
    }

    public static AnswerFacts Answer(bool correct, char? wrong = 'B') => correct
        ? new AnswerFacts(Outcome.Correct, 'A', ExtractionRule.Boxed, true, Outcome.Correct, 'A')
        : new AnswerFacts(Outcome.Wrong, wrong, ExtractionRule.Boxed, true, Outcome.Wrong, wrong);

    private static CaseFacts Case(int index, int questions) => new()
    {
        Id = $"{index}", FileName = $"PMC{index}.json", Chapter = $"Chapter {index % 3}", Rarity = "1",
        Questions = [.. Enumerable.Range(0, questions)
            .Select(i => new QuestionFacts { Index = i, Key = "A", Letters = ["A", "B", "C"], OptionLengths = [30, 10, 20],
            Stage = "Initial Assessment", ImageTypes = i == 0 ? ["CT"] : [] })],
    };
}
