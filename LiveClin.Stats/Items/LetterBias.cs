using System.Collections.Immutable;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using MathNet.Numerics;

namespace LiveClin.Stats.Items;

/// <summary>Whether a model prefers some letters or long options whatever the key is.</summary>
public sealed record LetterBias
{
    /// <summary>By letter.</summary>
    public required ImmutableArray<LetterCount> Letters { get; init; }

    /// <summary>Pearson's χ² of chosen against correct letters (test of homogeneity); NaN with fewer than two letters.</summary>
    public required double ChiSquare { get; init; }

    /// <summary>Its degrees of freedom.</summary>
    public required int DegreesOfFreedom { get; init; }

    /// <summary>
    /// p-value; approximate, as both rows come from the same questions, which makes it too large rather than too small. NaN likewise.
    /// </summary>
    public required double P { get; init; }

    /// <summary>Chosen option is (among) the longest, where lengths are known.</summary>
    public required Ratio ChosenLongest { get; init; }

    /// <summary>Key is (among) the longest, on the same questions.</summary>
    public required Ratio KeyLongest { get; init; }

    /// <summary>Exact McNemar test that both are equally often the longest; NaN where no lengths are known.</summary>
    public required double LengthP { get; init; }

    /// <summary>Counts over the questions for which the model gave a letter.</summary>
    public static LetterBias Of(ResultSet set, ModelResults model)
    {
        var letters = new SortedDictionary<char, (int Chosen, int Key, int Hit)>();
        int measured = 0, chosenLongest = 0, keyLongest = 0, onlyChosen = 0, onlyKey = 0;
        foreach (var @case in set.Cases)
        {
            for (var i = 0; i < @case.Questions.Length; i++)
            {
                var question = @case.Questions[i];
                if (model.Answers[@case.FirstQuestion + i].Letter is not { } letter || question.Key.Length != 1) continue;
                var key = question.Key[0];
                var chosen = letters.GetValueOrDefault(letter);
                letters[letter] = chosen with { Chosen = chosen.Chosen + 1 };
                var correct = letters.GetValueOrDefault(key);
                letters[key] = correct with { Key = correct.Key + 1, Hit = correct.Hit + (letter == key ? 1 : 0) };
                if (IsLongest(question, letter) is not { } first || IsLongest(question, key) is not { } second) continue;
                measured++;
                if (first) chosenLongest++;
                if (second) keyLongest++;
                if (first && !second) onlyChosen++;
                if (second && !first) onlyKey++;
            }
        }

        ImmutableArray<LetterCount> counts =
            [.. letters.Select(l => new LetterCount(l.Key, l.Value.Chosen, l.Value.Key, new Ratio(l.Value.Hit, l.Value.Key)))];
        var square = Homogeneity(counts);
        return new LetterBias
        {
            Letters = counts, ChiSquare = square, DegreesOfFreedom = Math.Max(0, counts.Length - 1),
            P = double.IsNaN(square) ? double.NaN : SpecialFunctions.GammaUpperRegularized((counts.Length - 1) / 2.0, square / 2),
            ChosenLongest = new Ratio(chosenLongest, measured), KeyLongest = new Ratio(keyLongest, measured), LengthP = measured > 0
                ? McNemar.Exact(onlyChosen, onlyKey) : double.NaN,
        };
    }

    private static bool? IsLongest(QuestionFacts question, char letter)
    {
        if (question.OptionLengths.IsEmpty) return null;
        var index = question.Letters.IndexOf(letter.ToString());
        return index >= 0 && index < question.OptionLengths.Length ? question.OptionLengths[index] == question.OptionLengths.Max() : null;
    }

    // Two rows, chosen and key, of equal sums: each cell's expectation is half of its column.
    private static double Homogeneity(ImmutableArray<LetterCount> counts) =>
        counts.Length < 2 ? double.NaN : counts.Sum(c => Math.Pow(c.Chosen - c.Key, 2) / (c.Chosen + c.Key));
}

/// <summary>A letter as answer and as key.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Chosen">Questions for which the model chose it.</param>
/// <param name="Key">Questions whose key it is.</param>
/// <param name="WhenKey">Questions correct of those whose key it is.</param>
public sealed record LetterCount(char Letter, int Chosen, int Key, Ratio WhenKey);
